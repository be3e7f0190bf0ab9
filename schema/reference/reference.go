// Package reference says what each block and attribute of a configuration means. A test of package schema holds it to what is read.
package reference

// Block is one type of block.
type Block struct {
	Type       string
	Labels     []string // what stands between its type and its brace
	Doc        string   // sentences
	Attributes []Attribute
	Blocks     []Block
	Names      string // what the names of further attributes are, which people choose; "": there are none
	Once       bool   // at most one of it
	Shared     bool   // a relationship has it alike, and it is described there
}

// Attribute is one attribute of a block.
type Attribute struct {
	Name     string
	Type     Type
	Required bool
	Values   []string // the words that it can be; nil: it is not one of a few words
	Default  string   // as written; "": none
	Doc      string
	Shared   bool // a relationship has it alike, and it is described there
}

// Type is what a value is.
type Type string

// The types of values.
const (
	Text        Type = "text"
	Bool        Type = "true or false"
	Duration    Type = "duration"
	Date        Type = "date"
	Limit       Type = "percentage or count"
	Texts       Type = "list of texts"
	TextMap     Type = "map of texts"
	Zone        Type = "time zone"
	Reference   Type = "reference"
	Each        Type = "set or map"
	PerItem     Type = "expression over item"
	PerRow      Type = "map of expressions over row"
	BlockPerRow Type = "block of expressions over row"
	Params      Type = "map of parameters"
	Count       Type = "count"
	Size        Type = "size"
	Anything    Type = "any value"
	TypeName    Type = "type"
)

// Types are the types with what is written for them.
func Types() []Attribute {
	return []Attribute{
		{Name: string(Text), Doc: "`\"…\"`, or any expression that is a text"},
		{Name: string(Bool), Doc: "`true`, `false`, or an expression that is one of them"},
		{Name: string(Duration), Doc: "a text of numbers with `w`, `d`, `h`, `m` and `s`: `\"7d\"`, `\"1h30m\"`; a day has 24 hours"},
		{Name: string(Date), Doc: "a text: `\"2027-01-31\"`"},
		{Name: string(Limit), Doc: "`\"20%\"` or `50`"},
		{Name: string(Count), Doc: "a whole number of 1 or more: `60`"},
		{Name: string(Size), Doc: "a text: `\"500MB\"`, `\"1GiB\"`"},
		{Name: string(Texts), Doc: "`[\"a\", \"b\"]`"},
		{Name: string(TextMap), Doc: "`{ a = \"b\" }`"},
		{Name: string(Zone), Doc: "the name of a time zone, of IANA (`\"Europe/London\"`) or of Windows (`\"GMT Standard Time\"`)"},
		{Name: string(Reference), Doc: "the address of another block: `folder.company`, `folder.staff[\"alice\"]`, `folder.staff[each.key]`"},
		{Name: string(Each), Doc: "`toset([\"a\", \"b\"])`, `{ a = …, b = … }`, or the address of a block that has `for_each` itself; the block is there once for each element, and sees it as `each.key` and `each.value`"},
		{Name: string(PerItem), Doc: "an expression that is asked for each item, and sees `item`, `source` and `destination`"},
		{Name: string(PerRow), Doc: "`{ name = expression, … }`, in which expressions see the `row` that an item is made of: `row.title`. Where several rows are about one item, `rows` are all of them: `[for r in rows : r.room]`"},
		{Name: string(BlockPerRow), Doc: "a block of [fields](names.md) of the folder's kind, and `uid`, each an expression that sees `row` and `rows`"},
		{Name: string(Params), Doc: "`{ from = var.term_start, n = 3 }`: texts, numbers, true, false and null, which the query has as `:from` and `:n`"},
		{Name: string(Anything), Doc: "any expression"},
		{Name: string(TypeName), Doc: "`string`, `number`, `bool`, `list(string)`, `map(string)`, `object({ … })` and so on, as in Terraform"},
	}
}

// Blocks are the blocks that a file can have.
func Blocks() []Block {
	return []Block{
		accord(), variable(), locals(), data(), provider(), folder(), template(), policy(), relationship(), mesh(), moved(), removed(),
	}
}

func accord() Block {
	return Block{
		Type: "accord", Once: true,
		Doc: "Names the workspace and says where its state is. Every workspace has one.",
		Attributes: []Attribute{
			{Name: "workspace", Type: Text, Required: true, Doc: "The workspace's name: letters, digits, `_` and `-`. It is part of every marker and of the UID of every replica, so it stays as it is."},
			{Name: "required_version", Type: Text, Doc: "Which versions of Accord may be used: `\">= 0.1, < 2\"`."},
			{Name: "backup", Type: Bool, Default: "true", Doc: "The `backup` of relationships that do not say their own."},
		},
		Blocks: []Block{
			{Type: "state", Labels: []string{"type"}, Once: true, Doc: "Where is recorded what the last apply did. The type is `pebble`: a directory.", Attributes: []Attribute{
				{Name: "path", Type: Text, Default: `".accord/state"`, Doc: "The directory, relative to the workspace."},
			}},
			{Type: "journal", Once: true, Doc: "How long what applies did can be looked at and undone, and who may. The journal holds what items said before they were written, as plan files do.", Attributes: []Attribute{
				{Name: "keep", Type: Duration, Default: `"90d"`, Doc: "Applies that are older are forgotten by the next one."},
				{Name: "max_size", Type: Size, Default: `"1GiB"`, Doc: "When what items said takes more than that, the oldest applies are forgotten, but never the last one."},
				{Name: "recipients", Type: Texts, Doc: "Public keys of age. With them, what items said is encrypted in the journal and in plan files, and is read with `-identity FILE`."},
			}},
			{Type: "guard", Once: true, Doc: "Limits for the whole run.", Attributes: []Attribute{
				{Name: "max_deletes", Type: Limit, Doc: "Deletes, of all replicas that there are."},
				{Name: "max_leavers", Type: Limit, Default: `"30%" of 10 or more`, Doc: "`for_each` keys that leave a block at once, of those that it had."},
			}},
		},
	}
}

func variable() Block {
	return Block{
		Type: "variable", Labels: []string{"name"},
		Doc: "A value that is given from outside: by `-var NAME=VALUE`, by `-var-file FILE`, or by `ACCORD_VAR_name` in the environment. Used as `var.NAME`.",
		Attributes: []Attribute{
			{Name: "type", Type: TypeName, Doc: "What its value must be."},
			{Name: "default", Type: Anything, Doc: "Its value when none is given. Without it, a value must be given."},
			{Name: "sensitive", Type: Bool, Default: "false", Doc: "Its value is never in a log, plan, state, journal or error."},
			{Name: "ephemeral", Type: Bool, Default: "false", Doc: "Its value may differ between plan and apply; it is never in a plan or its fingerprint."},
			{Name: "description", Type: Text, Doc: "What it is for."},
		},
		Blocks: []Block{{Type: "validation", Doc: "What else must hold of its value.", Attributes: []Attribute{
			{Name: "condition", Type: Bool, Required: true, Doc: "True for a good value. It sees the variable and nothing else."},
			{Name: "error_message", Type: Text, Required: true, Doc: "What is said about another one."},
		}}},
	}
}

func locals() Block {
	return Block{Type: "locals", Doc: "Names for values.", Names: "each has a name of your own, used as `local.NAME`"}
}

func data() Block {
	return Block{
		Type: "data", Labels: []string{"type", "name"},
		Doc: "A roster: rows of a file of type `csv`, `json` or `yaml`, or what a provider answers (type `sql`, `ldap`), used as `data.TYPE.NAME.rows`, a map by key: `for_each = data.csv.staff.rows`, then `each.key` and `each.value.email`. " +
			"The first line of CSV names its columns, and every value is a text; JSON and YAML are a list of maps, or a map of maps by key, and values keep their types. What a row lacks and others have is null. " +
			"A provider is asked once in a run, and with a block that cannot be read nothing is planned: people whose rows are missing would look like people who left. `validate` asks nobody. Such a block has `provider`, a reference to who is asked, instead of `path`, and [what its driver adds](#drivers).",
		Attributes: []Attribute{
			{Name: "path", Type: Text, Required: true, Doc: "The file, relative to the workspace. With a provider, there is none."},
			{Name: "key", Type: Text, Doc: "The column whose value names a row, different in each. A map has keys already; all else needs it."},
			{Name: "delimiter", Type: Text, Default: `","`, Doc: "The character between two fields of CSV, which alone has it: `\";\"`, `\"\\t\"`."},
		},
		Blocks: []Block{{Type: "guard", Once: true, Doc: "When a roster is not to be believed.", Attributes: []Attribute{
			{Name: "min_rows", Type: Limit, Doc: "The least number of rows: a count. Where none is said, a block that had several rows at the last apply holds everything when it has none; 0 allows that."},
			{Name: "max_shrink", Type: Limit, Doc: "Rows that may be gone since the last apply, at most."},
		}}},
	}
}

func provider() Block {
	return Block{
		Type: "provider", Labels: []string{"driver", "name"},
		Doc: "An account or a store, and the driver for it. Each driver adds [attributes of its own](#drivers).",
		Attributes: []Attribute{
			{Name: "for_each", Type: Each, Doc: "One provider for each element: `provider.DRIVER.NAME[\"key\"]`."},
			{Name: "timezone", Type: Zone, Default: `"UTC"`, Doc: "For times without a zone in its folders."},
		},
		Blocks: []Block{{Type: "limits", Once: true, Doc: "How fast it may be asked, where it is reached over a network. All folders of the provider share it. A server that asks to wait is waited for in any case.", Attributes: []Attribute{
			{Name: "requests_per_minute", Type: Count, Doc: "Requests that are sent in a minute at most, evenly spaced. Without it, the server's answers set the pace."},
			{Name: "connections", Type: Count, Default: "4", Doc: "Requests that are under way to one host at a time."},
		}}},
	}
}

func folder() Block {
	return Block{
		Type: "folder", Labels: []string{"name"},
		Doc: "A calendar, address book, task list or notebook. Its driver adds [attributes that say where it is](#drivers); one that is null leaves the folder unresolved: held, and its replicas stay.",
		Attributes: []Attribute{
			{Name: "for_each", Type: Each, Doc: "One folder for each element: `folder.NAME[\"key\"]`."},
			{Name: "provider", Type: Reference, Required: true, Doc: "The provider that has it."},
			{Name: "kind", Type: Text, Required: true, Values: []string{"calendar", "contacts", "tasks", "notes"}, Doc: "What it holds."},
			{Name: "access", Type: Text, Values: []string{"read", "write"}, Default: `"write"`, Doc: "`read`: it is never written, whatever the policies say."},
			{Name: "create", Type: Bool, Default: "false", Doc: "It is made when it is missing: a planned action."},
			{Name: "timezone", Type: Zone, Default: "its provider's", Doc: "For times without a zone."},
			{Name: "labels", Type: TextMap, Doc: "For people, and for filters and templates: `source.labels.team`."},
		},
	}
}

func template() Block {
	return Block{
		Type: "template", Labels: []string{"name"},
		Doc: "How a replica is derived from its original. [What an item has](names.md) lists the fields.",
		Attributes: []Attribute{
			{Name: "kind", Type: Text, Required: true, Values: []string{"calendar", "contacts", "tasks", "notes"}, Doc: "The kind of items that it is for."},
			{Name: "privacy", Type: PerItem, Values: []string{"full", "details", "busy"}, Default: `"full"`, Doc: "For calendars, and applied first. `busy` lets through when the event is and nothing of what it is; `details` adds title, place and categories."},
			{Name: "prefix", Type: TextMap, Doc: "What stands before a field's text: `{ summary = \"[C] \" }`. It is cut off again on the way back, so it may be two-way."},
			{Name: "suffix", Type: TextMap, Doc: "What stands after a field's text; cut off again likewise."},
			{Name: "swap", Type: Texts, Doc: "Two fields that change places, and change back on the way back."},
			{Name: "owned", Type: Texts, Doc: "Fields that are written once and belong to the destination's owner from then on: `[\"alarms\", \"color\"]`. They are not overwritten, and do not flow back; of a series, one occurrence may have them otherwise."},
			{Name: "trigger", Type: Texts, Default: "every field", Doc: "The fields whose changes cause an update, which carries over whatever else changed since: `[\"summary\", \"start\", \"end\"]`. What changes of one occurrence always does, and what `privacy` or the choice of the template looks at."},
			{Name: "attendees", Type: Text, Values: []string{"describe", "drop", "keep"}, Default: `"describe"`, Doc: "`describe` lists them in the description, which sends no mail; `keep` writes them as attendees, whom a server may notify."},
			{Name: "attachments", Type: Text, Values: []string{"keep", "drop", "link"}, Default: `"keep"`, Doc: "`link` writes the address of an attachment, and not what it contains."},
			{Name: "description", Type: Text, Doc: "What it is for."},
		},
		Blocks: []Block{
			{Type: "set", Doc: "Fields that get another value. Nothing that is set can flow back, so a two-way relationship refuses it.", Names: "each is a field, and its value an expression over item; `null` leaves the field out; `extra = { \"X-NAME\" = … }` has X- properties"},
			{
				Type: "category", Labels: []string{"name"},
				Doc: "A category that has a colour, for calendars: a replica that is in it and has no colour gets this one, and one that has this colour is put into it. Some stores show the colour of a category and no other. Where several do, the first by name counts. Neither can flow back, so a two-way relationship refuses it.",
				Attributes: []Attribute{
					{Name: "color", Type: Text, Required: true, Doc: "The colour, a name of CSS3: `\"red\"`."},
				},
			},
			late(),
		},
	}
}

func late() Block {
	marks := []Attribute{
		{Name: "prefix", Type: Text, Doc: "What stands before the title, once: `\"[Changed] \"`."},
		{Name: "category", Type: Text, Doc: "A category that it is put into."},
		{Name: "color", Type: Text, Doc: "The colour that it gets, of an event: `\"orange\"`."},
		{Name: "reminder", Type: Text, Doc: "A reminder beside those that it has, so long before it begins: `\"1h\"`."},
	}
	return Block{
		Type: "late", Once: true,
		Doc: "How a replica shows that its original was changed or cancelled shortly before it begins, for calendars and tasks. When its time has passed, what was changed loses its marks, and what was cancelled is deleted. The marks do not flow back.",
		Attributes: []Attribute{
			{Name: "within", Type: Duration, Required: true, Doc: "How long before its start a change of an item is late: `\"2d\"`."},
			{Name: "fields", Type: Texts, Default: `["start", "end", "location", "status"]`, Doc: "The fields whose changes are shown; of tasks, `due` stands in place of `end`. What changes of one occurrence always is."},
		},
		Blocks: []Block{
			{Type: "changed", Once: true, Doc: "How an item is shown that was changed late. At least one of the four; without the block it is not.", Attributes: marks},
			{Type: "cancelled", Once: true, Doc: "How an item is shown that was cancelled or deleted late, likewise. Without the block, it goes at once.", Attributes: marks},
		},
	}
}

func moved() Block {
	return Block{
		Type: "moved",
		Doc:  "A relationship, mesh or folder that has another name now: what is recorded of it goes along.",
		Attributes: []Attribute{
			{Name: "from", Type: Reference, Required: true, Doc: "The address that it had."},
			{Name: "to", Type: Reference, Required: true, Doc: "The address that it has."},
		},
	}
}

func removed() Block {
	return Block{
		Type: "removed",
		Doc:  "Says what becomes of the replicas of a relationship or mesh that left the configuration.",
		Attributes: []Attribute{
			{Name: "from", Type: Reference, Required: true, Doc: "The address that it had."},
			{Name: "on_remove", Type: Text, Values: []string{"delete", "retire", "release"}, Default: "as at the last apply", Doc: "As `on_remove` of a [relationship](#relationship)."},
		},
	}
}
