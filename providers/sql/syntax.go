package sql

import "strconv"

// syntax is how a database writes what can hold a colon that begins no parameter, and its own parameters. What all have in common is not named: 'texts' and
// "names" in which the quote is doubled, /* comments */ and -- comments, :: and :=.
type syntax struct {
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

	giving string // the word after which a statement that writes gives rows; "": there is none

	mark func(n int) string // the n-th parameter
	once bool               // a parameter that is used again has its mark again
}

func sqliteSyntax() *syntax {
	return &syntax{backticks: true, brackets: true, marks: "?$@", giving: "returning", mark: numbered("?"), once: true}
}

// postgresSyntax: texts have no backslashes but E'texts' (standard_conforming_strings, which is on unless somebody turned it off).
func postgresSyntax() *syntax {
	return &syntax{eTexts: true, dollars: true, slices: true, nested: true, marks: "$", giving: "returning", mark: numbered("$"), once: true}
}

// mysqlSyntax: neither ANSI_QUOTES nor NO_BACKSLASH_ESCAPES is on in the session.
func mysqlSyntax() *syntax {
	return &syntax{escapes: true, backticks: true, hashes: true, marks: "?", giving: "returning", mark: func(int) string { return "?" }}
}

func sqlserverSyntax() *syntax {
	return &syntax{brackets: true, nested: true, giving: "output", mark: numbered("@p"), once: true}
}

func oracleSyntax() *syntax {
	return &syntax{qTexts: true, mark: numbered(":")}
}

func numbered(prefix string) func(int) string {
	return func(n int) string { return prefix + strconv.Itoa(n) }
}
