package sql

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/spool"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// versionOf is the version of the item that rows are about: what makes it, and the column that tells, or all of what they say. Of several rows the column alone does not
// tell that one is gone.
func (s *source) versionOf(m *rows.Maker, item spool.Item) (string, error) {
	if s.version == "" {
		return marked(m.Identity()+"-", item.Sum()), nil
	}
	list, err := item.Rows()
	if err != nil {
		return "", err
	}
	is := item.Kind(s.version)
	var texts []string
	for _, row := range list {
		if text := versionText(is, row[s.version]); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	made := m.Identity()
	if len(list) > 1 {
		made = marked(made+".", item.Sum())
	}
	return made + "-" + strings.Join(texts, ","), nil
}

// marked is a text that ends in a digest.
func marked(text string, sum uint64) string {
	b := make([]byte, 0, len(text)+16)
	return string(hex.AppendEncode(append(b, text...), binary.BigEndian.AppendUint64(nil, sum)))
}

// exactly begins a version whose text is no time, though it looks like one, or might be taken for null.
const exactly = "="

// versionText is what a column says, from which versionValue tells what it was; "" for null.
func versionText(is value.Kind, v providers.Value) string {
	text, ok := rows.Text(v)
	switch {
	case !ok:
		return ""
	case text == "", strings.HasPrefix(text, exactly), is != value.Clock && is != value.Instant && stamp(text).plain() != text:
		return exactly + text
	}
	return text
}

// versionValue is what a statement compares with, of a version that versionOf made: nil, a stamp, or a string that no database has in another form.
func versionValue(version string) any {
	_, text, _ := strings.Cut(version, "-")
	if exact, is := strings.CutPrefix(text, exactly); is {
		return exact
	}
	if text == "" {
		return nil
	}
	return stamp(text)
}
