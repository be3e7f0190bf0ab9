package providers

// Capabilities says what a folder can do. It is data: the engine has no type switches on drivers.
type Capabilities struct {
	// ReadOnly: the store says that this account cannot write here. Where it does not say, a write will tell.
	ReadOnly bool `json:"read_only"`

	// Feed: Changes with a cursor streams only what changed. Without it, every Changes is a full listing.
	Feed bool `json:"change_feed"`

	// Conditional: Update and Delete with another Version, and Create of an item whose UID is there, are left undone with outcome
	// Stale. Where it is false, or an item has no version, the engine reads the item just before it writes; where it is false, Version is only a hint.
	Conditional bool `json:"conditional_writes"`

	// Creates says how a Create that was sent without an answer is kept from making a second item.
	Creates Idempotency `json:"idempotent_creates"`

	// Markers: the store keeps the item's marker. Where it is false, the derived UID serves; where UIDs is false too, only the state knows.
	// Where the store makes UIDs of its own, the driver gives a marker that named the UID sent the UID that was made, so that
	// it still fits its item.
	Markers bool `json:"markers"`

	// UIDs: the store keeps the UID of an item that it is given. Where it is false, it makes its own.
	UIDs bool `json:"uids"`

	// Batch is the number of writes, or of refs, that one call takes best; at least 1.
	Batch int `json:"batch"`

	// Reads is the number of refs that one Fetch takes best, where that is another; 0: as many as Batch.
	Reads int `json:"reads,omitempty"`

	// Parallel is the number of calls that may be under way at a time in this folder; at least 1.
	Parallel int `json:"parallel"`

	// Requests are the requests over a network that one Write of one item takes, without reading back; 0: there is no network.
	Requests int `json:"requests"`

	// Silent: the store does no scheduling: it tells nobody of what is written.
	Silent bool `json:"silent"`

	// SilentReplicas: the driver keeps the store from telling anybody of replicas that Accord made. Of what people made, which originals and adopted replicas
	// are, it may tell those who are invited.
	SilentReplicas bool `json:"silent_replicas"`

	// Zoned: every time has a zone, and none floats. The engine gives floating times the zone that their folder's or provider's timezone says.
	Zoned bool `json:"zoned"`

	// Instants: of a single time the store keeps when that is, and not the zone that it was said in: it comes back in UTC, or in the zone that the folder's or
	// provider's timezone says. The same instant in another zone is no change there.
	Instants bool `json:"instants,omitempty"`

	// Lacks lists canonical field names that the store cannot hold; "extra." stands for all X- properties, "override:" for overrides. Such a field is
	// never "deleted" there.
	Lacks []string `json:"lacks"`
}

// Idempotency is how a repeated Create is recognised.
type Idempotency string

const (
	ByUID          Idempotency = "by_uid"           // a second Create with the same UID is Stale
	ByToken        Idempotency = "by_token"         // a second Create with the same Token returns the first item
	ByMarkerSearch Idempotency = "by_marker_search" // the marker that was written is found by reading the folder's new items
	NotIdempotent  Idempotency = "none"             // looked up by content among the folder's new items, else it waits for a person
)

// Holds reports whether the store can hold a canonical field.
func (c Capabilities) Holds(field string) bool { return c.Lacking(field) == "" }

// Lacking is the entry of Lacks that a canonical field falls under; "" for a field that the store can hold.
func (c Capabilities) Lacking(field string) string {
	for _, l := range c.Lacks {
		if l == field || (len(l) > 0 && (l[len(l)-1] == '.' || l[len(l)-1] == ':') && len(field) > len(l) && field[:len(l)] == l) {
			return l
		}
	}
	return ""
}
