package named

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func syntaxes() map[string]*Syntax {
	return map[string]*Syntax{
		"sqlite": SQLite(), "postgres": PostgreSQL(), "mysql": MySQL(), "sqlserver": SQLServer(), "oracle": Oracle(),
	}
}

var everywhere = []string{"sqlite", "postgres", "mysql", "sqlserver", "oracle"}

// TestParameters binds :a to 1 and :b to 2, and shows what the database is given; ":a" in the wanted text stands for the mark of a parameter.
func TestParameters(t *testing.T) {
	for _, c := range []struct {
		in   []string
		text string
		want []string // the parameters that are found
	}{
		{everywhere, "select 1", nil},
		{everywhere, "select :a", []string{"a"}},
		{everywhere, "select :a,:b", []string{"a", "b"}},
		{everywhere, "(:a)", []string{"a"}},
		{everywhere, "x=:a and y>:b or z<>:a", []string{"a", "b"}},
		{everywhere, "select ':a', 'it''s :a', :b", []string{"b"}},
		{everywhere, `select ":a", "x"":a", :b`, []string{"b"}},
		{everywhere, "select 1 -- :a\n, :b", []string{"b"}},
		{everywhere, "select 1 -- :a", nil},
		{everywhere, "select /* :a */ :b", []string{"b"}},
		{everywhere, "select /* ' */ :b, '*/', /**/ :a", []string{"b", "a"}},
		{everywhere, "select '--', :b", []string{"b"}},
		{everywhere, "select '/*', :b", []string{"b"}},
		{everywhere, "select x::text, :a::date", []string{"a"}},
		{everywhere, "set x := :a", []string{"a"}},
		{everywhere, "select : a, :1, 1:2", nil},
		{everywhere, "select :größe_2", []string{"größe_2"}},
		{everywhere, "select 'ü:a' , :b", []string{"b"}},
		{[]string{"postgres", "sqlserver"}, "select /* /* */ :a */ :b", []string{"b"}},
		{[]string{"sqlite", "mysql", "oracle"}, "select /* /* */ :a", []string{"a"}},
		{[]string{"postgres"}, `select E'it\'s :a', :b`, []string{"b"}},
		{[]string{"postgres"}, `select e'\\', :b`, []string{"b"}},
		{[]string{"postgres"}, `select name'\', :b`, []string{"b"}},
		{[]string{"postgres"}, "select $$:a '$$, :b", []string{"b"}},
		{[]string{"postgres"}, "select $x$:a $$ $y$ $x$, :b", []string{"b"}},
		{[]string{"postgres"}, "select a$b$ + :a, $b$ :b $b$", []string{"a"}},
		{[]string{"postgres"}, "select list[1:2], list[x:y], list[x :y], list[f(1):n]", nil},
		{[]string{"postgres"}, "select list[:a], array[:a, :b], list[1:1] = :b", []string{"a", "b"}},
		{[]string{"postgres"}, "select array[case when t then :a else :b end]", []string{"a", "b"}},
		{[]string{"postgres"}, "select array[x AND :a, (select :b), y in (1, 2)], list[case when x then 1 end:n]", []string{"a", "b"}},
		{[]string{"postgres"}, "select data ? 'x', :a", []string{"a"}},
		{[]string{"postgres"}, "select a # b, :a", []string{"a"}},
		{[]string{"mysql"}, `select 'it\'s :a', "\":a", :b`, []string{"b"}},
		{[]string{"mysql", "sqlite"}, "select `:a`, `x``:a`, :b", []string{"b"}},
		{[]string{"mysql"}, "select 1 # :a\n, :b", []string{"b"}},
		{[]string{"mysql"}, "select 5--:a", []string{"a"}},
		{[]string{"mysql"}, "select @x, :a", []string{"a"}},
		{[]string{"sqlite", "sqlserver"}, "select [:a], :b", []string{"b"}},
		{[]string{"sqlserver"}, "select [x]]:a], @x, geometry::Parse(:b)", []string{"b"}},
		{[]string{"sqlite", "postgres", "sqlserver", "oracle"}, `select '\', :b`, []string{"b"}},
		{[]string{"oracle"}, "select q'[it's :a]', Q'{ :a }', nq'!:a '!', q'<:a>', q'(:a)', :b", []string{"b"}},
	} {
		for _, name := range c.in {
			s, err := Parse(c.text, syntaxes()[name])
			if err != nil {
				t.Errorf("%s: %s: %v", name, c.text, err)
			} else if got := s.Names(); !slices.Equal(got, c.want) {
				t.Errorf("%s: the parameters of %s are %q, want %q", name, c.text, got, c.want)
			}
		}
	}
}

func TestBinding(t *testing.T) {
	const text = "x=:a, y=:b, z=:a"
	for name, want := range map[string]string{
		"sqlite":    "x=?1, y=?2, z=?1 [1 two]",
		"postgres":  "x=$1, y=$2, z=$1 [1 two]",
		"mysql":     "x=?, y=?, z=? [1 two 1]",
		"sqlserver": "x=@p1, y=@p2, z=@p1 [1 two]",
		"oracle":    "x=:1, y=:2, z=:3 [1 two 1]",
	} {
		x := syntaxes()[name]
		s, err := Parse(text, x)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Bind(map[string]any{"a": 1, "b": "two", "c": nil})
		if got := fmt.Sprint(b.Text, " ", b.Args); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestMistakesInStatements(t *testing.T) {
	for _, c := range []struct{ in, text, want string }{
		{"sqlite", "select\n 'x", "line 2, column 2: what begins with a quote here has no end"},
		{"sqlite", "select ü, \"x", "line 1, column 11: what begins with a quote here has no end"},
		{"postgres", "select $x$ $$", "line 1, column 8: what begins with a quote here has no end"},
		{"postgres", "/* /* */", "line 1, column 1: the comment that begins here has no end"},
		{"sqlite", "/*/", "line 1, column 1: the comment that begins here has no end"},
		{"mysql", "select ?", "line 1, column 8: '?' is no parameter here; write :name, and give it a value by that name"},
		{"postgres", "select $1", "line 1, column 8: '$' is no parameter here; write :name, and give it a value by that name"},
		{"sqlite", "select @x", "line 1, column 8: '@' is no parameter here; write :name, and give it a value by that name"},
		{"oracle", "select q'[x'", "line 1, column 8: what begins with a quote here has no end"},
		{"postgres", "select\n:c", "line 2, column 1: the parameter :c has no value; those that have one are :a, :b"},
	} {
		x := syntaxes()[c.in]
		s, err := Parse(c.text, x)
		if err == nil {
			_, err = s.Bind(map[string]any{"a": 1, "b": 2})
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %s: %v, want %s", c.in, c.text, err, c.want)
		}
	}
	s, err := Parse(":a", MySQL())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bind(nil); err == nil || !strings.HasSuffix(err.Error(), "no parameters are given") {
		t.Errorf("without any value: %v", err)
	}
}

// TestPlaces finds places of the translated text in the one that was written.
func TestPlaces(t *testing.T) {
	const text = "select :beginning,\n :b, wrong, :b"
	x := PostgreSQL()
	s, err := Parse(text, x)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Place("b"); got != "line 2, column 2" {
		t.Errorf(":b is at %s", got)
	}
	b, err := s.Bind(map[string]any{"beginning": 1, "b": 2})
	if err != nil {
		t.Fatal(err)
	}
	for find, want := range map[string]string{
		"select": "line 1, column 1", "$1": "line 1, column 8", ",\n": "line 1, column 18", "$2, wrong": "line 2, column 2", "wrong": "line 2, column 6",
	} {
		if got := b.Place(strings.Index(b.Text, find)); got != want {
			t.Errorf("%q is at %s, want %s", find, got, want)
		}
	}
	if got := b.Place(1000); got != "line 2, column 15" {
		t.Errorf("the end is at %s", got)
	}
}

// FuzzParse: what is no parameter stays as it is, in every syntax.
func FuzzParse(f *testing.F) {
	f.Add("select :a, ':b', \"c\", `d`, [e] -- :f\n /* :g */ $$:h$$ x::y E'\\'' q'[i]' #j")
	f.Add("insert into t values (:a,:b)")
	f.Fuzz(func(t *testing.T, text string) {
		for name, x := range syntaxes() {
			s, err := Parse(text, x)
			if err != nil {
				continue
			}
			values := map[string]any{}
			for _, p := range s.params {
				if text[p.from:p.to] != ":"+p.name {
					t.Fatalf("%s: %q is not :%s", name, text[p.from:p.to], p.name)
				}
				values[p.name] = p.name
			}
			b, err := s.Bind(values)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			back, end := "", 0
			for i, p := range s.params {
				back += b.Text[end:b.starts[i]] + ":" + p.name
				end = b.ends[i]
			}
			if back += b.Text[end:]; back != text {
				t.Fatalf("%s: %q became %q", name, text, b.Text)
			}
			b.Place(len(text) / 2)
		}
	})
}
