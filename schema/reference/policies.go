package reference

func relationship() Block {
	return Block{
		Type: "relationship", Labels: []string{"name"},
		Doc: "Copies the items of one folder to another, and says what follows when either side changes. It is about items that begin in its source; two folders that should hold the same are a [mesh](#mesh).",
		Attributes: append([]Attribute{
			{Name: "source", Type: Reference, Required: true, Doc: "The folder that originals are in."},
			{Name: "destination", Type: Reference, Required: true, Doc: "The folder that replicas are in."},
			{Name: "for_each", Type: Each, Doc: "One relationship for each element: `relationship.NAME[\"key\"]`."},
			{Name: "policy", Type: Reference, Doc: "A policy block, whose attributes count where the relationship does not say otherwise."},
		}, settings()...),
		Blocks: inner(),
	}
}

func mesh() Block {
	return Block{
		Type: "mesh", Labels: []string{"name"},
		Doc: "Makes folders equivalent: one relationship from each to each other, `mesh.NAME[\"a/b\"]` from a to b. A member is called as its key, else as its folder.",
		Attributes: append([]Attribute{
			{Name: "folders", Type: Reference, Doc: "The folders: a list, or the address of a folder block with `for_each`."},
			{Name: "policy", Type: Reference, Doc: "A policy block, as for a relationship."},
		}, shared(settings())...),
		Blocks: append([]Block{{
			Type: "member", Labels: []string{"name"}, Doc: "A folder with a template or filter of its own, beside `folders` or instead of it.",
			Attributes: []Attribute{
				{Name: "folder", Type: Reference, Required: true, Doc: "The folder."},
				{Name: "template", Type: Reference, Doc: "For what leaves this folder, instead of the mesh's."},
				{Name: "filter", Type: PerItem, Doc: "For what leaves this folder, instead of the mesh's."},
			},
		}, {
			Type: "on_leaver", Once: true, Doc: "What follows when a member leaves. Without it `on_remove` decides, as for any relationship that leaves.",
			Attributes: []Attribute{
				{Name: "originals", Type: Text, Required: true, Values: []string{"rehome", "delete", "release"}, Doc: "What becomes in the other folders of items that began in the folder that leaves: `rehome` makes one replica of each the original of the others, and nobody sees a change · `delete` deletes what was made and releases what was adopted · `release` makes them ordinary items, which are matched with each other again as `existing` says."},
			},
		}}, sharedBlocks()...),
	}
}

func policy() Block {
	return Block{
		Type: "policy", Labels: []string{"name"},
		Doc:        "Attributes that several relationships take over: `policy = policy.NAME`. What a relationship says itself counts more.",
		Attributes: shared(settings()),
		Blocks:     sharedBlocks(),
	}
}

// settings are the attributes that relationships, meshes and policies have alike.
func settings() []Attribute {
	return []Attribute{
		{Name: "profile", Type: Text, Values: []string{"one_way", "two_way"}, Doc: "A name for four policies, see [profiles](#profiles). Required, here or in its policy."},
		{Name: "template", Type: Reference, Doc: "How a replica is derived from its original; may be an expression over item: `item.private ? template.busy : template.full`. Without it, a replica says what its original says."},
		{Name: "enabled", Type: Bool, Default: "true", Doc: "`false`: nothing flows, and nothing is removed."},
		{Name: "conflict", Type: Text, Values: []string{"merge", "source", "destination", "newest", "preserve", "manual"}, Default: `"merge"`, Doc: "Who is right when a person changed the original and another its replica, and edits or deletes flow back."},
		{Name: "existing", Type: Text, Values: []string{"adopt", "copy", "ignore"}, Default: `"adopt"`, Doc: "What becomes of an original without a replica: `adopt` takes an item in the destination that is the same thing already, `copy` copies in any case, `ignore` leaves out what the source holds at the first apply."},
		{Name: "coalesce", Type: Text, Values: []string{"uid"}, Doc: "`uid`: relationships into one destination that have it share a replica of originals with the same UID, as one meeting in several calendars. It says what the original with the greatest SEQUENCE says, and goes with the last of them."},
		{Name: "on_unmatched", Type: Text, Values: []string{"delete", "freeze"}, Default: `"delete"`, Doc: "What becomes of a replica whose original the filter does not let through any more."},
		{Name: "on_remove", Type: Text, Values: []string{"delete", "retire", "release"}, Default: `"delete"`, Doc: "What becomes of the replicas when the relationship leaves the configuration: `delete` deletes what was made and releases what was adopted, `retire` leaves all as they are, `release` makes them ordinary items."},
		{Name: "filter", Type: PerItem, Default: "true", Doc: "Only items for which it is true are copied."},
		{Name: "settle", Type: Duration, Doc: "An item that changed less than this ago waits for the next run: `\"5m\"`. What was never copied does not wait."},
		{Name: "backup", Type: Bool, Default: "true", Doc: "What a folder holds is backed up before anything is written there for this relationship for the first time. `false`: it is not. Backups are plain files, also where `journal` names recipients, and nothing removes old ones."},
		{Name: "labels", Type: TextMap, Doc: "For people."},
		{Name: "description", Type: Text, Doc: "What it is for."},
	}
}

// inner are the blocks that relationships, meshes and policies have alike.
func inner() []Block {
	return []Block{
		{Type: "on_source", Once: true, Doc: "What follows when a person changes an original.", Attributes: []Attribute{
			{Name: "edit", Type: Text, Values: []string{"propagate", "ignore"}, Default: "by profile", Doc: "`propagate`: the replica is edited · `ignore`: nothing."},
			{Name: "delete", Type: Text, Values: []string{"propagate", "keep", "mark"}, Default: "by profile", Doc: "`propagate`: the replica is deleted · `keep`: it is retired as it is · `mark`: its title gets \"Deleted: \" in front, and it is retired."},
		}},
		{Type: "on_destination", Once: true, Doc: "What follows when a person changes a replica.", Attributes: []Attribute{
			{Name: "edit", Type: Text, Values: []string{"discard", "preserve", "propagate", "keep"}, Default: "by profile", Doc: "`discard`: the edited fields are set back · `preserve`: the replica is released and a new one made · `propagate`: the original is edited · `keep`: these fields belong to the replica from now on."},
			{Name: "delete", Type: Text, Values: []string{"recopy", "prune", "propagate", "mark"}, Default: "by profile", Doc: "`recopy`: it is copied again · `prune`: it stays away for as long as the original exists · `propagate`: the original is deleted · `mark`: the original's title gets \"Deleted: \" in front."},
		}},
		{Type: "adopt", Once: true, Doc: "What is different about replicas that were adopted.", Attributes: []Attribute{
			{Name: "on_delete", Type: Text, Values: []string{"release", "delete"}, Default: "by profile", Doc: "When the original of an adopted replica is deleted."},
		}},
		{Type: "window", Once: true, Doc: "Which times are copied, for all kinds but contacts. An item is in the window when any of its instances is; an absent edge is unlimited. What leaves it because time went by stays as it is, and what a person moves out of it is still carried over.", Attributes: []Attribute{
			{Name: "past", Type: Duration, Doc: "How far back from now: `\"7d\"`."},
			{Name: "future", Type: Duration, Doc: "How far ahead of now: `\"180d\"`."},
			{Name: "from", Type: Date, Doc: "The first day, in place of `past`: `\"2026-09-01\"`."},
			{Name: "to", Type: Date, Doc: "The last day, in place of `future`."},
			{Name: "recurring_past", Type: Duration, Doc: "In place of `past` for what recurs: `\"0d\"`."},
		}},
		{Type: "guard", Once: true, Doc: "How much may change in one run; one that is written applies at any size. A relationship that would do more is blocked, and the others go on.", Attributes: []Attribute{
			{Name: "max_deletes", Type: Limit, Default: `"30%" of 10 or more`, Doc: "Deletes, of the replicas on that side."},
			{Name: "max_edits", Type: Limit, Doc: "Edits, likewise."},
			{Name: "max_adds", Type: Limit, Doc: "Adds, likewise."},
		}},
		{Type: "schedule", Once: true, Doc: "When it is carried out by itself. It is read, and nothing acts on it in this version.", Attributes: []Attribute{
			{Name: "every", Type: Duration, Doc: "How often."},
		}},
	}
}

func shared(attributes []Attribute) []Attribute {
	for i := range attributes {
		attributes[i].Shared = true
	}
	return attributes
}

func sharedBlocks() []Block {
	blocks := inner()
	for i := range blocks {
		blocks[i].Shared = true
	}
	return blocks
}
