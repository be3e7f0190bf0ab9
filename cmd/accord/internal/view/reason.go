package view

import "strings"

// because says a reason code in a few words. A code that is not known is its own words.
func because(code string) string {
	words, ok := map[string]string{
		"new_at_source":          "it is in the source and has no replica yet",
		"changed_at_source":      "the original was changed",
		"gone_at_source":         "the original was deleted",
		"changed_at_destination": "the replica was changed",
		"gone_at_destination":    "the replica was deleted",
		"left_filter":            "the original left the filter",
		"back_at_source":         "the original is back",
		"template_changed":       "the template says something else now",
		"adopted_marker":         "the item carries this replica's marker",
		"adopted_uid":            "the destination holds the same item",
		"adopted_match":          "the destination holds a matching item",
		"relationship_removed":   "the relationship left the configuration",
		"relationship_replaced":  "the relationship has another source or destination now",
		"conflict_merge":         "both were changed: merged field by field",
		"conflict_source":        "both were changed: the original wins",
		"conflict_destination":   "both were changed: the replica wins",
		"conflict_newest":        "both were changed: the newer one wins",
		"conflict_preserve":      "both were changed: the replica's version is kept apart",
		"conflict_manual":        "both were changed: a person decides",
		"ambiguous":              "several items could be this one: a person decides",
		"original_unknown":       "its original cannot be found",
		"folder_missing":         "the folder is not there",
	}[code]
	if !ok {
		return strings.ReplaceAll(Clean(code), "_", " ")
	}
	return words
}
