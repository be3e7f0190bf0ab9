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
	for written, want := range map[string]string{"folder.z": "", "folder.stuff": "folder.staff", "foldr.staff": "folder.staff", "provider.disk.locl": "provider.disk.local", "provider.vdir.here": ""} {
		if got := Nearest(written, []string{"folder.x", "folder.staff", "provider.disk.local"}); got != want {
			t.Errorf("%q suggests %q, want %q", written, got, want)
		}
	}
}
