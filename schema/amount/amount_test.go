package amount

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 7 * 24 * time.Hour, "180d": 180 * 24 * time.Hour, "15m": 15 * time.Minute, "1h30m": 90 * time.Minute, "2w": 14 * 24 * time.Hour, "0s": 0, "90s": 90 * time.Second,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "7", "d", "-7d", "1.5h", "7 d", "1y", "99999999999999999999s", "9999999999w", "7d!"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"0B": 0, "500B": 500, "1kB": 1000, "500MB": 500e6, "2 GB": 2e9, "1KiB": 1024, "1kiB": 1024, "3GiB": 3 << 30, "7TiB": 7 << 40} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "5", "MB", "-1MB", "1.5GB", "1Mb", "1EB", "iB", "1iB", "99999999999999999999B", "9999999999999GB"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}

func TestParseLimit(t *testing.T) {
	for text, want := range map[string]Limit{
		"20%": {true, true, 20}, "0%": {true, true, 0}, "12.5%": {true, true, 12.5}, "100%": {true, true, 100}, "0": {true, false, 0}, "50": {true, false, 50},
	} {
		if got, err := parseLimit(text); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "101%", "-1", "-1%", "1.5", "many", "NaN", "Inf", "5 %", "5%%"} {
		if got, err := parseLimit(text); err == nil {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}
