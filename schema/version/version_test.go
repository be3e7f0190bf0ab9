package version

import "testing"

func TestFits(t *testing.T) {
	tests := []struct {
		version, constraint string
		fits                bool
	}{
		{"0.1.0", ">= 0.1", true}, {"0.1", ">= 0.1.0", true}, {"0.1.0", ">= 0.1, < 0.2", true}, {"0.2.0", ">= 0.1, < 0.2", false},
		{"1.4.2", "~> 1.2", true}, {"2.0.0", "~> 1.2", false}, {"1.2.9", "~> 1.2.3", true}, {"1.3.0", "~> 1.2.3", false}, {"1.2.2", "~> 1.2.3", false},
		{"1.0.0", "1.0", true}, {"1.0.1", "= 1.0", false}, {"1.0.1", "!= 1.0", true}, {"v1.0.1-rc1", "> 1.0", true}, {"", ">= 9", true}, {"devel", ">= 9", true},
	}
	for _, test := range tests {
		if fits, err := Fits(test.version, test.constraint); err != nil || fits != test.fits {
			t.Errorf("%s with %s: %t, %v", test.version, test.constraint, fits, err)
		}
	}
	for _, constraint := range []string{"", "new", ">> 1", ">= 1, new", "1.-2"} {
		if _, err := Fits("1.0", constraint); err == nil {
			t.Errorf("%q is a constraint", constraint)
		}
	}
}
