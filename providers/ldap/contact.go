package ldap

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// What the usual contact is made of: RFC 2798, RFC 4519, RFC 4524, and the names that Active Directory has besides. Nothing of people's homes.
var (
	usualSingle = []string{
		"displayName", "cn", "givenName", "sn", "middleName", "personalTitle", "generationQualifier", "title", "o", "company", "ou", "department",
		"street", "streetAddress", "l", "st", "postalCode", "co", "c", "jpegPhoto", "thumbnailPhoto",
	}
	usualLists = []string{"mail", "telephoneNumber", "mobile", "facsimileTelephoneNumber", "pager", "wWWHomePage", "labeledURI"}
)

// usual is what contacts say unless the configuration does.
func usual() providers.Mapping {
	return providers.Mapping{
		Names: []string{"name", "given", "family", "middle", "prefix", "suffix", "title", "org", "department", "emails", "phones", "urls", "addresses", "photo"},
		Of: func(rows []providers.Row) (map[string]any, error) {
			row := rows[0]
			return map[string]any{
				"name": either(row, "displayName", "cn"), "given": row["givenName"], "family": row["sn"], "middle": row["middleName"],
				"prefix": row["personalTitle"], "suffix": row["generationQualifier"], "title": row["title"],
				"org": either(row, "company", "o"), "department": either(row, "department", "ou"),
				"emails": typed(row, "mail", "work"),
				"phones": append(append(append(typed(row, "telephoneNumber", "work"), typed(row, "mobile", "cell")...), typed(row, "facsimileTelephoneNumber", "work,fax")...), typed(row, "pager", "pager")...),
				"urls":   pages(row), "addresses": address(row), "photo": photo(row),
			}, nil
		},
		Identity: "usual",
	}
}

// either is the first of the values that there is.
func either(row providers.Row, columns ...string) any {
	for _, c := range columns {
		if s, _ := row[c].(string); strings.TrimSpace(s) != "" {
			return s
		}
	}
	return nil
}

// typed are all values of an attribute, with a type.
func typed(row providers.Row, column, kind string) []any {
	list := []any{}
	values, _ := row[column].([]string)
	for _, v := range values {
		list = append(list, map[string]any{"type": kind, "value": v})
	}
	return list
}

// pages are web addresses; labeledURI has words behind them (RFC 2079).
func pages(row providers.Row) []any {
	list := []any{}
	for _, column := range []string{"wWWHomePage", "labeledURI"} {
		values, _ := row[column].([]string)
		for _, v := range values {
			address, _, _ := strings.Cut(strings.TrimSpace(v), " ")
			list = append(list, map[string]any{"type": "work", "value": address})
		}
	}
	return list
}

// address is where somebody works; an empty list: nothing of it is known.
func address(row providers.Row) []any {
	a := map[string]any{
		"street": either(row, "street", "streetAddress"), "city": row["l"], "region": row["st"], "postcode": row["postalCode"], "country": either(row, "co", "c"),
	}
	for name, v := range a {
		if v == nil {
			delete(a, name)
		}
	}
	if len(a) == 0 {
		return []any{}
	}
	a["type"] = "work"
	return []any{a}
}

// photo is a picture as the address that it is in itself (RFC 2397); nil: there is none, or it is no picture.
func photo(row providers.Row) any {
	v, _ := either(row, "jpegPhoto", "thumbnailPhoto").(string)
	octets, err := base64.StdEncoding.DecodeString(v)
	if err != nil {
		return nil
	}
	kind := http.DetectContentType(octets)
	if !strings.HasPrefix(kind, "image/") {
		return nil
	}
	return "data:" + kind + ";base64," + v
}
