package reconcile

import (
	"github.com/accord-sync/accord/schema/pim"
)

func uidOf(token string) string   { return "accord-probe-" + token }
func titleOf(token string) string { return "Accord probe " + token }

// titleField is the field that an item of a kind shows first.
func titleField(kind pim.Kind) string {
	if kind == pim.Contacts {
		return "name"
	}
	return "summary"
}

// sampleOf is the item that a probe writes: of the past, without alarm and without people, so that nobody is disturbed while it is there, and without time zone, whose
// definition a file could keep. Its marker says that no relationship of its workspace made it, by which a plan that sees it leaves it alone.
func sampleOf(kind pim.Kind, token, workspace, folder string) (*pim.Item, error) {
	const text = "accord check -probe wrote this, and takes it away again.\nÄ, ö; ü"
	values := map[string]any{titleField(kind): titleOf(token), "categories": []any{"Accord"}}
	switch kind {
	case pim.Calendar:
		values["description"], values["location"], values["class"], values["transparency"] = text, "Room 1", "private", "transparent"
		values["start"], values["end"] = "2001-01-01T09:00:00Z", "2001-01-01T10:00:00Z"
	case pim.Tasks:
		values["description"], values["due"], values["priority"], values["percent"] = text, "2001-01-02", float64(5), float64(50)
	case pim.Notes:
		values["description"], values["start"] = text, "2001-01-01"
	case pim.Contacts:
		values["note"], values["given"], values["family"], values["org"], values["birthday"] = text, "Accord", "Probe", "Accord", "2001-01-01"
		values["emails"] = []any{map[string]any{"type": "work", "value": "probe@example.invalid"}}
		values["phones"] = []any{map[string]any{"type": "cell", "value": "+44 20 7946 0000"}}
	}
	fields := pim.Fields{}
	for name, v := range values {
		value, err := pim.FieldValue(kind, name, v)
		if err != nil {
			return nil, err
		}
		fields[name] = value
	}
	uid := uidOf(token)
	return pim.New(kind, uid).WithFields(fields).WithMarker(&pim.Marker{
		Workspace: workspace, Relationship: "check", Original: uid, Source: folder, Status: pim.Retired, UID: uid,
	}), nil
}
