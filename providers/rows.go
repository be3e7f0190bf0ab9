package providers

import "context"

// Source is a provider that data blocks can ask. A driver whose Schema has Data opens such providers.
type Source interface {
	Provider

	// Rows streams what a data block asks for to each, which says where it stops. Repeats and order are as the store gives them. When each returns an error, Rows
	// stops and returns it. An error says that what was given is not all of it.
	Rows(ctx context.Context, cfg DataConfig, each func(Row) error) error
}

// DataConfig is a data block after evaluation.
type DataConfig struct {
	Address    string     // data.sql.students
	Attributes Attributes // by the driver's Schema

	// Columns is told before the first row which columns there are, in their order; nil: nobody asks. A driver that cannot know does not call it.
	Columns func(names []string)
}

// Row is one row of a query, or one entry of a directory: its values by column, in the types that a [Value] can have.
type Row map[string]Value

// Value is one of nil, string, bool, int64, float64 and []string. Times are strings: 2026-10-05T09:00:00Z and with an offset where the store knows the
// instant, 2026-10-05T09:00:00 where it does not, 2026-10-05 for a date. What is larger or more exact than a number of Go's is a string of its digits; bytes are
// base64.
type Value any

// Mapping makes named values of the rows that are about one item, by expressions over row (the first of them) and rows.
type Mapping struct {
	// Names are what it makes; nil: only the rows tell.
	Names []string
	// Of makes the values: nil, string, bool, int64, float64, []any or map[string]any. The error names file and line of the expression, and what is wrong.
	Of func(rows []Row) (map[string]any, error)
	// Fits tells before there are rows, as Of would of each, which column is needed that rows of these columns lack; nil: nobody can tell.
	Fits func(columns []string) error
	// Columns are the columns of row that a name is made of, for messages; none where that cannot be told.
	Columns map[string][]string
	// Identity is another one when the expressions are.
	Identity string
}

// Ask asks the provider of an address for rows, as [Source] gives them. One that has none to give is an error of class Refused.
type Ask func(ctx context.Context, provider string, cfg DataConfig, each func(Row) error) error

// Table is a table that a folder's query runs over. Its rows are what a provider answers (Config.Ask).
type Table struct {
	Name     string
	Provider string // its address
	Data     DataConfig
}
