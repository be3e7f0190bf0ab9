package named

import "strconv"

// Syntax is how a database writes what can hold a colon that begins no parameter, and its own parameters. What all have in common is not named: 'texts' and
// "names" in which the quote is doubled, /* comments */ and -- comments, :: and :=.
type Syntax struct {
	escapes   bool   // MySQL: a backslash escapes in 'texts' and "texts"
	eTexts    bool   // PostgreSQL: it does in E'texts'
	qTexts    bool   // Oracle: q'[texts]'
	dollars   bool   // PostgreSQL: $tag$texts$tag$
	backticks bool   // MySQL, SQLite: `names`
	brackets  bool   // SQL Server, SQLite: [names]
	slices    bool   // PostgreSQL: list[1:2]
	nested    bool   // PostgreSQL, SQL Server: comments in /* */ nest
	hashes    bool   // MySQL: # begins a comment, and -- only before a space
	marks     string // what begins a parameter of its own

	Giving string // the word after which a statement that writes gives rows; "": there is none

	mark func(n int) string // the n-th parameter
	once bool               // a parameter that is used again has its mark again
}

// SQLite is the syntax of SQLite.
func SQLite() *Syntax {
	return &Syntax{backticks: true, brackets: true, marks: "?$@", Giving: "returning", mark: numbered("?"), once: true}
}

// PostgreSQL is the syntax of PostgreSQL, where texts have no backslashes but E'texts' (standard_conforming_strings, which is on unless somebody turned it off).
func PostgreSQL() *Syntax {
	return &Syntax{eTexts: true, dollars: true, slices: true, nested: true, marks: "$", Giving: "returning", mark: numbered("$"), once: true}
}

// MySQL is the syntax of MySQL and MariaDB, in sessions where neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES is on.
func MySQL() *Syntax {
	return &Syntax{escapes: true, backticks: true, hashes: true, marks: "?", Giving: "returning", mark: func(int) string { return "?" }}
}

// SQLServer is the syntax of SQL Server.
func SQLServer() *Syntax {
	return &Syntax{brackets: true, nested: true, Giving: "output", mark: numbered("@p"), once: true}
}

// Oracle is the syntax of Oracle Database.
func Oracle() *Syntax {
	return &Syntax{qTexts: true, mark: numbered(":")}
}

func numbered(prefix string) func(int) string {
	return func(n int) string { return prefix + strconv.Itoa(n) }
}
