package diagnose

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"summary", "start", "status", "description", "location"}
	for written, want := range map[string]string{
		"sumary": "summary", "Summary": "summary", "stat": "start", "statsu": "status", "loaction": "location", "descripton": "description", "colour": "", "x": "", "": "",
	} {
		if got := Nearest(written, names); got != want {
			t.Errorf("%q suggests %q, want %q", written, got, want)
		}
	}
}
