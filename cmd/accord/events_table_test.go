package main

// Fields that several types of lines have alike.
const (
	docAddress     = "the relationship's address"
	docSource      = "the address of its source folder"
	docDestination = "the address of its destination folder"
)

var (
	diagnosticFields = map[string]string{
		"severity": "`error`, `warning` or `info`",
		"address":  "the folder or relationship that it is about",
		"ref":      "the item that it is about, by the provider's own name for it",
		"summary":  "what is wrong",
		"detail":   "why, and what to do",
	}
	rareDiagnosticFields = map[string]string{"code": "a stable word for what it is, where there is one: `unreadable` or `undecided`, of an item; `left`, of what a person asked for and is not done"}
	planEvents           = []lineType{
		{typ: "relationship", doc: "One relationship of the plan. Its operations follow it.", fields: map[string]string{
			"address": docAddress, "source": docSource, "destination": docDestination,
			"status":        "`ok`, `blocked`, `alert`, `paused`, `disabled` or `unresolved`",
			"status_reason": "why its status is not `ok`",
			"unchanged":     "pairs with nothing to do",
			"left_alone":    "items of the destination that are no replica",
			"settling":      "pairs whose change is too young to be carried",
			"out_of_window": "items of the source that are out of the window",
		}, rare: map[string]string{
			"fault":      "of an alert, what is wrong where: the `folder`, and the `cause`, a stable word such as `unreachable`, `unauthorized` or `empty`",
			"behind":     "of one that a guard holds: the change that most of what it counts say, in all of its block; as in `changes` of the last line",
			"membership": "of an instance of `for_each`: `joins` when its key is new, `leaves` when it is there no more",
		}},
		{typ: "operation", doc: "One thing that an apply would do, or that waits for a person.", fields: map[string]string{
			"relationship": docAddress,
			"action":       "`add`, `edit`, `delete`, `adopt`, `mark`, `retire`, `release`, `create_folder`, `conflict` or `ambiguous`",
			"side":         "`source` or `destination`: where it is done",
			"uid":          "of the original; empty when it has none",
			"original_ref": "the provider's own name for the original",
			"replica_ref":  "the provider's own name for the replica; empty when there is none yet",
			"originals":    "where several originals share a replica: each of them",
			"title":        "of the item; hidden where `-titles` says so",
			"start":        "when the item is, or is due, where `fields` do not say it",
			"reason":       "a stable [code](reasons.md)",
			"fields":       "what becomes of each field: its `name`, `before` and `after`; with `occurrence`, of one occurrence of a series",
			"candidates":   "of an ambiguity: the items that it could be",
		}, rare: map[string]string{"item": "of what waits for a person: what accord resolve calls it, where that is not its `uid`"}},
		{typ: "diagnostic", doc: "Something that the reader of the plan should know. It may come before all other lines.", fields: diagnosticFields, rare: rareDiagnosticFields},
		{typ: "plan", doc: "The plan as a whole: always the last line of a plan.", fields: map[string]string{
			"format_version": "of the document and of these lines",
			"workspace":      "the workspace's name",
			"plan_id":        "a name for this plan",
			"created_at":     "when it was made",
			"fingerprint":    "of everything in the configuration that decides what the plan says",
			"allowed":        "what guards were told to let pass: `kind`, `address`, `count`",
			"summary":        "counts: `add`, `edit`, `delete` and so on",
		}, rare: map[string]string{
			"task":     "what a person asked for, item by item, such as `undo 12`; absent when the plan is what the configuration says",
			"requests": "what an apply asks of each provider that is reached over a network: `provider`, `writes`, `at_most` requests, and, where its limits say how many are sent `per_minute`, the `seconds` that they take",
			"people":   "of each relationship with `for_each`, its `block`: how many `people` it has; of those who `join`, `leave`, `differ` (they get items or lose some) or `change` (what they have is edited), how many `people` they are and what they have to `add`, `edit`, `delete`, `create_folder` and `other`; and how many are `unresolved`, `held` and `unchanged`",
			"changes":  "changes that several relationships of one `block` have in common, the most frequent first: `action`, `side`, `reason` and `fields` as operations have them; `uid`, `title` and `start` where it is one and the same item; how many `operations` say it, `of` how many, in how many `relationships`, and `such` as which; a long list is cut",
		}},
	}
	pairFields = map[string]string{
		"relationship": docAddress,
		"status":       "`active`, `waiting`, `retired`, `pruned` or `ignored`",
		"original":     "the original's UID, or its ref where it has none",
		"original_ref": "the provider's own name for the original",
		"replica":      "the replica's UID",
		"replica_ref":  "the provider's own name for the replica",
		"generation":   "how often the replica was made anew",
		"adopted":      "whether the replica was there before, and was adopted",
		"refused":      "whether its provider refused the last write",
	}
	rarePairFields = map[string]string{
		"key":          "the `for_each` key of its relationship",
		"fields_apart": "fields that the two sides hold differently on purpose",
		"from":         "when the item begins",
		"to":           "when the item ends",
	}
	recordedFolder = map[string]string{
		"address": "the folder's address", "kind": "what it holds", "location": "where it is at its provider", "items": "how many items it held", "configuration": "how it was configured",
	}
	recordedRelationship = map[string]string{
		"address": docAddress, "source": docSource, "destination": docDestination, "pairs": "how many pairs it has",
		"on_remove": "what becomes of its replicas when it leaves the configuration", "since": "when it was first applied", "block": "the block that it comes from",
	}
	address     = map[string]string{"address": "its address"}
	pauseFields = map[string]string{
		"address": "of a relationship or folder, or a glob over such; empty: everything is paused", "reason": "why, as `-reason` said", "by": "who paused it", "since": "since when",
		"relationships": "how many configured relationships it holds",
	}
	ackFields = map[string]string{
		"address": "of a relationship or folder, or a glob over such, as it was asked for", "reason": "why, as `-reason` said", "by": "who acknowledged it", "since": "since when", "until": "until when",
		"problems": "which: the `fingerprint`, `kind`, `address` and `item` of each",
	}
	rareAckFields   = map[string]string{"trouble": "why nobody can tell what a file among them holds: then it acknowledges nothing"}
	resumeFields    = map[string]string{"address": pauseFields["address"], "reason": pauseFields["reason"], "by": pauseFields["by"], "since": pauseFields["since"]}
	rarePauseFields = map[string]string{"trouble": "why nobody can tell what a file among the pauses holds: then it holds everything"}
)

// eventsOf are the lines of each command, in the order in which they come.
var eventsOf = []struct {
	verb   string
	events []lineType
}{
	{"plan", planEvents},
	{"apply", []lineType{{typ: "result", doc: "What was done: always the last line of an apply, of `resolve`, `undo`, `restore`, and of `items` but `items view`. The lines of the plan come first, unless the plan was saved; then a `diagnostic` for each item that was not written.", fields: map[string]string{
		"summary":  "counts of what was done: `add`, `edit`, `delete` and so on",
		"apply":    "the apply's number",
		"started":  "when it began",
		"finished": "when it ended",
		"seconds":  "how long it took",
	}, rare: map[string]string{
		"requests": "how many were `sent` to each `provider` that is reached over a network",
		"backup":   "the directory of the backup that was written before the first write to folders that held something",
	}}}},
	{"backup", []lineType{{typ: "backup", doc: "A backup that was written.", fields: map[string]string{
		"directory": "where it is", "folders": "what it holds of each: its address as `folder`, how many `items` and `unreadable` ones; `lacks`, which is what could not be read and why, and `missing`, where the folder is not there",
	}}}},
	{"items view", []lineType{{typ: "written", doc: "A replica in the folder.", fields: map[string]string{
		"ref": "the provider's own name for it", "uid": "its UID", "title": "its title; hidden where `-titles` says so", "workspace": "of the Accord that wrote it; empty: nobody knows",
		"relationship": "the address of the relationship that wrote it", "source": "the address of its original's folder", "original": "the original's UID, or `ref:` and its ref where it has none",
		"status": "`live`, `retired` or `released`", "adopted": "whether it was there before, and was adopted", "marked": "whether it carries a marker of its own; else its UID or the state says what is known of it",
		"pairs": "what the state has of it: the status of each pair",
	}}}},
	{"log", []lineType{{typ: "apply", doc: "An apply that the journal holds, the newest first. With a number, it is the last line; the lines of a plan come first, and say what was done.", fields: map[string]string{
		"number": "its number", "plan_id": "the plan that it carried out", "by": "who applied", "started": "when it began", "finished": "when it ended; null: it was killed, or still runs",
		"counts": "what was done, by action", "encrypted": "whether what items said can be read with a private key alone", "bytes": "how much the journal keeps of items for it",
	}, rare: map[string]string{"task": "what a person asked for, item by item, such as `undo 12`"}}}},
	{"status", []lineType{
		{typ: "relationship", doc: "What is recorded of a relationship.", fields: map[string]string{
			"address": docAddress, "source": docSource, "destination": docDestination, "since": "when it was first applied",
			"status":        "`ok`, `blocked`, `alert`, `paused`, `disabled` or `unresolved`: after the last apply, or with `-refresh` now",
			"status_reason": "why its status is not `ok`", "note": "what else is not ordinary about it, in words", "pairs": "how many pairs it has, by status; null: the state could not be read", "refused": "how many of them a provider refuses",
			"read":          "when the older of its folders was read, for the last apply that recorded something",
			"last_apply":    "the last apply that wrote something for it: `number`, `by`, `started`, `finished`, and in `counts` what it wrote",
			"in_sync_since": "the first apply after which nothing was pending; null: something is, or nobody can tell", "pending": "how many changes are pending",
			"problems":   "what is wrong with it and with its folders: the `kind` (`alert`, `blocked`, `unresolved`, `conflict`, `ambiguous`, `undecided`, `unreadable` or `refused`), the `address` of the relationship or folder, the `item` (of a conflict, an ambiguity or what is refused the original's key; else a ref; of an alert the folder), with `-refresh` its `title`, the `reason`, the first apply that found it (`since`), and as what it is `acknowledged`: `by`, `reason`, `until`; null: it is not. Null: the state could not be read",
			"last_error": "the last `error` that an apply met, also when it is over, and when it was met first (`at`); null: none",
		}},
		{typ: "pause", doc: "What is paused.", fields: pauseFields, rare: rarePauseFields},
		{typ: "ack", doc: "What is acknowledged.", fields: ackFields, rare: rareAckFields},
		{typ: "status", doc: "The workspace as a whole: the last line.", fields: map[string]string{
			"workspace": "the workspace's name", "last_apply": "the last apply: `number`, `by`, `started`, `finished`, `counts`", "waiting": "pairs that wait for a person",
			"paused": "how many of the relationships shown are paused", "journal": "how much is recorded: how many `applies`, since when (`from`), and what the state takes on the disk in `bytes`; null: nothing",
			"locked":    "who holds the state, which is why nothing recorded is shown: `pid`, `host`, `user`, `command`, `since`; null: it could be read",
			"refreshed": "whether the folders were read for it", "problems": "how many problems there are that nobody acknowledged", "acknowledged": "how many there are that somebody did",
		}},
	}},
	{"ack", []lineType{
		{typ: "ack", doc: "What is acknowledged from now on. Where there is no problem, nothing is, and `since` is null.", fields: ackFields, rare: rareAckFields},
		{typ: "ack_end", doc: "What is acknowledged no more. Where nothing was, `since` is null.", fields: ackFields, rare: rareAckFields},
	}},
	{"conflicts", []lineType{
		{typ: "conflict", doc: "One conflict or ambiguous match that waits for a person.", fields: map[string]string{
			"relationship": docAddress, "source": docSource, "destination": docDestination, "kind": "`conflict` or `ambiguous`", "item": "what `accord resolve` calls the original: its UID, or `ref:` and its ref",
			"title": "of the item; hidden where `-titles` says so", "original_ref": "the provider's own name for the original; empty when it is gone", "replica_ref": "likewise, for the replica",
			"reason": "a stable [code](reasons.md)", "since": "the first apply that found it; null: none has yet", "fields": "of a conflict, in which fields the two differ: `before` is what the original says, `after` what the replica does; empty where it is not shown",
			"commands": "what decides it",
		}, rare: map[string]string{"start": "when the item is, or is due", "candidates": "of an ambiguous match, the items that it could be: the `ref`, the `title`, and the `fields` in which each differs from the original"}},
		{typ: "conflicts", doc: "The last line.", fields: map[string]string{
			"workspace": "the workspace's name", "conflict": "how many conflicts wait", "ambiguous": "how many ambiguous matches", "held": "relationships that nobody could look at: on alert, blocked, paused or unresolved",
		}},
	}},
	{"pause", []lineType{{typ: "pause", doc: "A pause that was set.", fields: pauseFields, rare: rarePauseFields}}},
	{"resume", []lineType{{typ: "resume", doc: "A pause that ended. Without one, `since` is null.", fields: resumeFields, rare: rarePauseFields}}},
	{"validate", []lineType{
		{typ: "diagnostic", doc: "A mistake in the configuration, or a warning.", fields: map[string]string{
			"severity": "`error` or `warning`", "summary": "what kind of mistake it is", "detail": "what is wrong, and why", "remedy": "what to do", "address": "the address of the block that it is in",
			"range":   "where it is: `filename`, `start` and `end`, each with `line` and `column` from 1 and `byte` from 0; columns count characters",
			"snippet": "the line where it begins: `code`, `start_line`, what is marked in it by `highlight_start_offset` and `highlight_end_offset` in characters from 0, and `context`, the block as written",
		}},
		{typ: "validate", doc: "The last line.", fields: map[string]string{
			"valid": "whether there is no error", "errors": "how many errors there are", "warnings": "how many warnings", "unasked": "addresses of data blocks whose rows a provider has: validate does not ask for them, and what is made of them is not counted", "workspace": "the workspace's name",
			"folders": "how many folders there are", "relationships": "how many relationships",
		}},
	}},
	{"check", []lineType{
		{typ: "folder", doc: "What was found of a folder.", fields: map[string]string{
			"address": "the folder's address", "provider": "its provider", "driver": "of its provider", "kind": "what it holds", "location": "where it is at its provider",
			"usable": "whether the relationships with it can do their work", "problem": "why not, and what to do", "reachable": "whether its provider answers",
			"missing": "whether it is not there, and an apply makes it", "unresolved": "whether its address is null", "readable": "`untried`, `complete`, `partial` or `failed`",
			"writable": "whether it can be written, and how that is known", "items": "how many there are; -1: not known", "sampled": "how many of them were read, to see whether they can be understood",
			"unreadable": "those that cannot", "can": "what its driver can do, and what it can hold", "probe": "what became of the item that was written to try",
		}, rare: map[string]string{"write_reason": "why it cannot be written"}},
		{typ: "check", doc: "The last line.", fields: map[string]string{"usable": "how many folders can be used", "unusable": "how many cannot"}},
	}},
	{"discover", []lineType{
		{typ: "folder", doc: "A folder that was found.", fields: map[string]string{
			"name": "what people call it", "kind": "what it holds; empty: not known", "items": "how many there are; -1: not known", "read_only": "whether this account can only read it",
			"location": "where it is at its provider", "attributes": "what a folder block says to reach it", "configured": "addresses of the folders of the configuration that it is",
			"hcl": "a folder block for it, when it is not configured",
		}, rare: map[string]string{"color": "how it is shown", "problem": "why no block can be written for it, and what to do"}},
		{typ: "discover", doc: "The last line.", fields: map[string]string{"provider": "the provider's address", "folders": "how many were found", "unconfigured": "how many of them are not configured"}},
	}},
	{"state doctor", []lineType{
		{typ: "finding", doc: "Something that does not hold together, or that is worth knowing.", fields: map[string]string{
			"code": "a stable word for what it is: see [state.md](../state.md#when-something-is-wrong-in-it)", "severity": "`warning`, or `info` for what needs nothing done", "address": "the folder or relationship that it is about",
			"sentence": "what was found", "proposal": "what is to be done", "mendable": "whether it can be mended in the state alone",
		}, rare: map[string]string{"item": "the item that it is about, by key or ref"}},
		{typ: "doctor", doc: "The last line.", fields: map[string]string{
			"findings": "how many there are", "mended": "how many were mended", "left": "how many warnings are left", "relationships": "how many were looked at", "pairs": "how many were looked at",
			"items": "how many were looked at", "read": "whether folders were read",
		}},
	}},
	{"state export", []lineType{{typ: "export", doc: "What was written to a file. Without one, the export itself is written: see [state.md](../state.md).", fields: map[string]string{
		"file": "its name", "records": "how many records it has", "journal": "whether what items said is in it",
	}}}},
	{"state import", []lineType{{typ: "import", doc: "What was read.", fields: map[string]string{
		"file": "its name", "records": "how many records it has", "replaced": "where the old state is kept; empty: there was none",
	}, rare: map[string]string{"recounts": "whether numbers of applies may be given again, because how many the old state had cannot be read"}}}},
	{"state list", []lineType{{typ: "folder", doc: "A folder that the state knows.", fields: address}, {typ: "relationship", doc: "A relationship that the state knows.", fields: address}, {typ: "pair", doc: "A pair, with `-pairs` or the address of a relationship.", fields: pairFields, rare: rarePairFields}}},
	{"state mv", []lineType{{typ: "mv", doc: "What was moved.", fields: map[string]string{"from": "the address that was given", "to": "the new one", "moved": "all addresses that were moved, as they were: of a block, its instances"}}}},
	{"state rebind", []lineType{{typ: "rebind", doc: "What became of it.", fields: map[string]string{"folder": "the folder's address", "replaced": "whether it was another one than is recorded"}}}},
	{"state rebuild", []lineType{
		{typ: "relationship", doc: "What was found of a relationship.", fields: map[string]string{
			"address": docAddress, "source": docSource, "destination": docDestination, "status": "`ok`, or why it was not looked at: `alert`, `disabled` or `unresolved`",
			"pairs": "how many pairs were recorded", "apart": "replicas that were recognised and do not say what they should: they are left to the next plan",
			"uids": "replicas without a marker that are known by their UIDs and were left to the next plan", "next": "what else the next plan is going to do or to ask: how many operations, by `action`",
		}, rare: map[string]string{"status_reason": "why its status is not `ok`"}},
		{typ: "diagnostic", doc: "What could not be recovered, and what is to be known of a folder.", fields: map[string]string{
			"severity": diagnosticFields["severity"], "address": diagnosticFields["address"], "summary": diagnosticFields["summary"], "detail": diagnosticFields["detail"],
		}, rare: map[string]string{"ref": diagnosticFields["ref"], "code": rareDiagnosticFields["code"]}},
		{typ: "rebuild", doc: "The last line.", fields: map[string]string{
			"relationships": "how many there are", "pairs": "how many were recorded", "left": "how many replicas are left to the next plan", "replaced": "where the old state is kept; empty: there was none",
		}, rare: map[string]string{"unread": "why not all of the old state's journal could be taken over", "recounts": "whether numbers of applies may be given again, because how many the old state had cannot be read"}},
	}},
	{"state rm", []lineType{{typ: "rm", doc: "What was forgotten.", fields: map[string]string{
		"addresses": "of relationships or folders, with all that was recorded of them", "pairs": "how many pairs, by what they were: `active`, `waiting`, `retired`, `pruned` or `ignored`",
	}}}},
	{"state show", []lineType{
		{typ: "folder", doc: "What is recorded of a folder.", fields: recordedFolder, rare: map[string]string{"identity": "what its provider knows it by", "cursor": "how far its changes were read"}}, {typ: "relationship", doc: "What is recorded of a relationship.", fields: recordedRelationship},
		{typ: "item", doc: "What is recorded of an item.", fields: map[string]string{
			"folder": "its folder", "ref": "the provider's own name for it", "uid": "its UID", "key": "what the state knows it by", "version": "the provider's change mark",
		}, rare: map[string]string{"unreadable": "why it cannot be understood"}},
		{typ: "pair", doc: "What is recorded of a pair.", fields: pairFields, rare: rarePairFields},
	}},
	{"state unlock", []lineType{{typ: "unlock", doc: "Whether the state was locked.", fields: map[string]string{"held": "whether somebody held it", "owner": "who did: `pid`, `host`, `user`, `command`, `since`"}}}},
	{"explain", []lineType{
		{typ: "explanation", doc: "Why an item is, or is not, where one expects it: the only line, but for diagnostics.", fields: map[string]string{
			"folder": "the address that was asked about", "asked": "what was asked for",
			"item":          "what the item is: `presence` (`there`, `unreadable`, `unseen`, `unread` or `gone`, with the `reason`), `role` (`original`, `replica`, `foreign`, `orphan`, `released` or `copied`), `replica` (of what it is one) and `original`",
			"relationships": "those that touch it: the `outcome` (`planned`, `settled`, `waits`, `held`, `never_copied`, `began_there`, `filtered`, `out_of_window`, `settling`, `untriggered`, `lingers`, `pruned`, `retired`, `ignored`, `refused`, `undecided`, `item_unreadable`, `replica_unreadable`, `twin_unreadable`, `missing` or `left`) and its `reason`, the relationship's `status`, the `operations` of a plan, the `filter` with each of its `conditions`, the `pair` (with the mark of a `late` change, and `until` when it has passed), and by which apply it was `settled_by`",
			"apply":         "the newest apply that wrote to it or to a replica of it, with its `writes`; null: none is known",
			"diagnostics":   "what else is to be known of it",
		}},
		{typ: "candidate", doc: "An item that may be meant, where several are; a `diagnostic` follows.", fields: map[string]string{
			"folder": "where it is", "uid": "its UID", "ref": "the provider's own name for it", "title": "its title", "start": "when it begins", "name": "what to ask for, to mean this one",
		}},
		{typ: "diagnostic", doc: "Why nothing can be explained.", fields: map[string]string{"severity": diagnosticFields["severity"], "summary": diagnosticFields["summary"]},
			rare: map[string]string{"address": diagnosticFields["address"], "ref": diagnosticFields["ref"], "detail": diagnosticFields["detail"]}},
	}},
	{"graph", []lineType{
		{typ: "node", doc: "A folder, or a block of many.", fields: map[string]string{
			"address": "its address", "kind": "what it holds", "driver": "of its provider", "count": "how many folders it stands for",
			"status": "`unresolved` when the address of one is null, else `ok`", "statuses": "how many of them are in each",
		}},
		{typ: "group", doc: "A mesh.", fields: map[string]string{
			"address": "its address", "members": "its folders: the `node` of each, with `count`, `status` and `statuses`", "count": "how many relationships it has",
			"status": "of them, the gravest", "statuses": "how many of them are in each",
		}},
		{typ: "edge", doc: "A relationship, or a block of many.", fields: map[string]string{
			"address": "its address", "from": "its source", "to": "its destination", "two_way": "whether changes flow back", "count": "how many relationships it stands for",
			"status": "of them, the gravest", "statuses": "how many of them are in each",
		}},
		{typ: "graph", doc: "The last line.", fields: map[string]string{
			"workspace": "the workspace's name", "nodes": "how many there are", "groups": "how many there are", "edges": "how many there are",
		}},
	}},
	{"init", []lineType{{typ: "init", doc: "What was written.", fields: map[string]string{"written": "the files"}}}},
	{"fmt", []lineType{
		{typ: "file", doc: "A file that changes, or would with `-check`; and the standard input, changed or not.", fields: map[string]string{
			"file": "its name; `-` is the standard input", "changed": "whether it changes", "diff": "what changes, with `-diff`",
		}, rare: map[string]string{"text": "the formatted standard input"}},
		{typ: "fmt", doc: "The last line.", fields: map[string]string{"files": "how many files were looked at", "changed": "how many of them change"}},
	}},
	{"man", []lineType{{typ: "man", doc: "What was written, with `-into`.", fields: map[string]string{"into": "the directory", "pages": "how many"}}}},
	{"version", []lineType{{typ: "version", doc: "The version.", fields: map[string]string{"version": "of accord", "go": "of the Go that it was built with", "platform": "the system that it was built for"}}}},
}
