package ldap

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
)

// young is for how long the time of an entry's last change says little: it has whole seconds, within which an entry can change twice, and is of the server's
// clock.
const young = 5 * time.Minute

// version is what changes whenever an entry does, or what is made of it; sure tells that it is by what the directory keeps for that, and not by what it says
// of the rest. It names the DN too, which changes without the entry when one above it is renamed.
func (f *folder) version(e *entry, known *server) (version string, sure bool) {
	stamp := ""
	if !f.content {
		stamp = f.stampOf(e, known)
	}
	h := sha256.New()
	add := func(texts ...string) {
		for _, t := range texts {
			fmt.Fprintf(h, "%d %s", len(t), t)
		}
	}
	asked := f.columns.asked()
	add(f.maker.Identity(), strings.ToLower(strings.Join(asked, " ")), e.dn, stamp)
	if stamp == "" {
		for _, name := range asked {
			values := e.texts(name)
			if slices.ContainsFunc(f.columns.lists, func(list string) bool { return strings.EqualFold(list, name) }) {
				slices.Sort(values) // directories keep no order (RFC 4511 section 4.1.7)
			} else {
				values = values[:min(1, len(values))]
			}
			add(name, fmt.Sprint(len(values)))
			add(values...)
		}
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12]), stamp != ""
}

// stamps are the attributes that tell of an entry which it is, and when it changed.
func (f *folder) stamps() []string {
	return []string{f.key, f.stamp, "entryCSN", "uSNChanged", "modifyTimestamp"}
}

// stampOf is what a directory keeps to tell that an entry changed; "": nothing that can be relied on.
//
//   - entryCSN of OpenLDAP counts within the second, and is the same on all servers.
//   - uSNChanged of Active Directory counts within one copy of the data: what another domain controller says is another version.
//   - modifyTimestamp (RFC 4512 section 3.4.4) has whole seconds.
func (f *folder) stampOf(e *entry, known *server) string {
	name := f.stamp
	if name == "" {
		switch {
		case e.first("entryCSN") != nil:
			name = "entryCSN"
		case e.first("uSNChanged") != nil && known.copy != "":
			name = "uSNChanged"
		default:
			name = "modifyTimestamp"
		}
	}
	v := e.text(name)
	switch {
	case v == "":
	case strings.EqualFold(name, "uSNChanged"):
		return v + "@" + known.copy
	case strings.EqualFold(name, "modifyTimestamp"), strings.EqualFold(name, "whenChanged"):
		if at, ok := generalized(v); !ok || at.After(f.provider.now().Add(-young)) {
			return ""
		}
	}
	return v
}

// isDerived reports whether the directory may change an attribute without noting that the entry changed: it is worked out from other entries, or names ones
// that can be renamed.
func isDerived(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "msds-") || strings.HasPrefix(name, "tokengroups") || strings.HasPrefix(name, "c-") || slices.Contains([]string{
		"memberof", "ismemberof", "member", "uniquemember", "manager", "secretary", "assistant", "seealso", "owner", "roleoccupant", "directreports", "managedobjects",
		"managedby", "nsrole", "hassubordinates", "numsubordinates", "canonicalname",
	}, name)
}

// generalized reads a time (RFC 4517 section 3.3.13) in UTC, as directories write theirs.
func generalized(text string) (time.Time, bool) {
	whole, _, _ := strings.Cut(strings.TrimSuffix(text, "Z"), ".")
	at, err := time.Parse("20060102150405", whole)
	return at, err == nil && strings.HasSuffix(text, "Z")
}
