package schema

// Filter decides whether an original belongs to a relationship.
type Filter struct{}

// Template derives a replica's content from its original.
type Template struct{}
