package decide_test

import (
	"regexp"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
)

// TestReplicaUID holds the form of a replica's UID still: a UID that changed would be another replica.
func TestReplicaUID(t *testing.T) {
	uid := decide.ReplicaUID("office", "relationship.staff", "x@example.com", 0)
	if want := "accord-r-4gapbj6ricmgd5erip5vo44ujm"; uid != want {
		t.Errorf("the UID is %s instead of %s", uid, want)
	}
	if !regexp.MustCompile(`^accord-r-[a-z2-7]{26}$`).MatchString(uid) || !decide.IsReplicaUID(uid) {
		t.Errorf("%s has not the form of a replica's UID", uid)
	}
	seen := map[string]string{}
	for what, uid := range map[string]string{
		"the first":                        uid,
		"another workspace":                decide.ReplicaUID("home", "relationship.staff", "x@example.com", 0),
		"another relationship":             decide.ReplicaUID("office", "relationship.boss", "x@example.com", 0),
		"another original":                 decide.ReplicaUID("office", "relationship.staff", "y@example.com", 0),
		"another generation":               decide.ReplicaUID("office", "relationship.staff", "x@example.com", 1),
		"the same letters, parted earlier": decide.ReplicaUID("offic", "erelationship.staff", "x@example.com", 0),
		"the same letters, parted later":   decide.ReplicaUID("office", "relationship.staffx", "@example.com", 0),
		"set apart":                        decide.ApartUID("office", "relationship.staff", "x@example.com", 0),
		"another version set apart":        decide.ApartUID("office", "relationship.staff", "x@example.com", 1),
	} {
		if other := seen[uid]; other != "" {
			t.Errorf("%s and %s have the same UID", what, other)
		}
		seen[uid] = what
	}
}

// TestIsReplicaUID: any Accord knows a replica by its UID, and takes nothing else for one.
func TestIsReplicaUID(t *testing.T) {
	for uid, want := range map[string]bool{
		decide.ReplicaUID("any", "thing", "at all", 12): true,
		decide.ApartUID("any", "thing", "at all", 12):   false,
		"accord-r-":                             false,
		"accord-r-aaaaaaaaaaaaaaaaaaaaaaaaa":    false, // 25 digits
		"accord-r-aaaaaaaaaaaaaaaaaaaaaaaaaaa":  false, // 27
		"accord-r-AAAAAAAAAAAAAAAAAAAAAAAAAA":   false,
		"accord-r-aaaaaaaaaaaaaaaaaaaaaaaaa1":   false, // no base32 digit
		"x-accord-r-aaaaaaaaaaaaaaaaaaaaaaaaaa": false,
		"0b0e7cd2-9d3c-4cf1-9d5d-6f4a3b2c1d0e":  false,
		"":                                      false,
	} {
		if got := decide.IsReplicaUID(uid); got != want {
			t.Errorf("IsReplicaUID(%q) is %v", uid, got)
		}
	}
}
