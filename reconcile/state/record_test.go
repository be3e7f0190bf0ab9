package state

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// readBack fails unless what was read is what was written, with nothing left over and no mistake.
func readBack(t *rapid.T, d *decoder, got, want any) {
	if err := d.done(); err != nil {
		t.Fatalf("%v: %#v", err, want)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("read    %#v\nwritten %#v", got, want)
	}
}

func TestRecordsReadAsWritten(t *testing.T) {
	known := newAddresses()
	for name, check := range map[string]func(t *rapid.T){
		"name": func(t *rapid.T) {
			want := names().Draw(t, "name")
			context := near(t, want, "context")
			d := decoder{b: appendPackedAs(nil, want, context)}
			readBack(t, &d, d.packedAs(context), want)
		},
		"key": func(t *rapid.T) {
			want := names().Draw(t, "name")
			d := decoder{b: itemSpace.of(7, want)[numberedLen:]}
			readBack(t, &d, d.packed(), want)
		},
		"header": func(t *rapid.T) {
			want := Header{Workspace: rapid.String().Draw(t, "workspace"), LastApply: rapid.Uint64().Draw(t, "apply")}
			d := decoder{b: appendHeader(nil, want)}
			readBack(t, &d, d.header(), want)
		},
		"item": func(t *rapid.T) {
			want := items().Draw(t, "item")
			d := decoder{b: known.appendItem(nil, want)}
			readBack(t, &d, known.item(&d, want.Ref), want)
		},
		"pair": func(t *rapid.T) {
			want := pairs().Draw(t, "pair")
			b, err := known.appendPair(nil, want)
			if err != nil {
				t.Fatal(err)
			}
			d := decoder{b: b}
			readBack(t, &d, known.pair(&d, want.Relationship, want.Original), want)
		},
		"entry": func(t *rapid.T) {
			want := entries().Draw(t, "entry")
			b, err := known.appendEntry(nil, want)
			if err != nil {
				t.Fatal(err)
			}
			d := decoder{b: b}
			readBack(t, &d, known.entry(&d, want.Apply, want.Seq), want)
		},
		"apply": func(t *rapid.T) {
			want := applies().Draw(t, "apply")
			d := decoder{b: known.appendApply(nil, want)}
			readBack(t, &d, known.apply(&d, want.Number), want)
		},
		"folder": func(t *rapid.T) {
			want := folders().Draw(t, "folder")
			d := decoder{b: appendFolder(nil, want)}
			readBack(t, &d, d.folder(want.Address), want)
		},
		"relationship": func(t *rapid.T) {
			want := relationships().Draw(t, "relationship")
			d := decoder{b: known.appendRelationship(nil, want)}
			readBack(t, &d, known.relationship(&d, want.Address), want)
		},
	} {
		t.Run(name, rapid.MakeCheck(check))
	}
}

func TestUsualNamesArePackedTight(t *testing.T) {
	for name, most := range map[string]int{
		"0b5e8a52-0d0c-4b58-9c6a-2f6d8a4f6f5e.ics":            17,
		"0B5E8A52-0D0C-4B58-9C6A-2F6D8A4F6F5E":                17,
		"accord-r-abcdefghijklmnopqrstuvwxya.ics":             17,
		"accord-r-0123456789abcdefghijklmnog.vcf":             17,
		"d41d8cd98f00b204e9800998ecf8427e":                    18,
		"AQHaBcDeFgE":                                         9,
		"AQHaBcDeFgE.AQHaBcDeFgE":                             17,
		"1764012345.123456789-700":                            14,
		"AQHaBcDeFgHiJkLmNoPqRsTuVwXyZ_-0":                    26,
		"":                                                    1,
		"a name that has no form of its own, and is not long": 53,
	} {
		if got := len(appendPacked(nil, name)); got > most {
			t.Errorf("%q takes %d bytes, want at most %d", name, got, most)
		}
	}
}

// FuzzRecords feeds any bytes to every decoder: an error is fine, a panic is not.
func FuzzRecords(f *testing.F) {
	known := newAddresses()
	known.number("folder.a")
	f.Add(known.appendItem(nil, Item{Ref: "a.ics", UID: "a", Key: "a", Version: "1"}))
	if entry, err := known.appendEntry(nil, Entry{Folder: "folder.a", Original: "x", UID: "accord-r-y", Images: []byte("BEGIN:VCALENDAR"),
		Formerly: []Former{{PairKey: PairKey{Original: "y"}, Pair: &Pair{Original: "y", Status: Active}}}}); err == nil {
		f.Add(entry)
	}
	f.Add(known.appendApply(nil, Apply{Plan: "p", Counts: map[string]int{"add": 1}, Forgot: Forgotten{Folders: []Folder{{Address: "folder.a"}}}}))
	if pair, err := known.appendPair(nil, Pair{Original: "x", Replica: "y", Status: Active}); err == nil {
		f.Add(pair)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func(d *decoder){
			func(d *decoder) { d.packedAs("context.ics") },
			func(d *decoder) { d.header() },
			func(d *decoder) { d.folder("f") },
			func(d *decoder) { known.item(d, "x.ics") },
			func(d *decoder) { known.pair(d, "r", "x") },
			func(d *decoder) { known.apply(d, 1) },
			func(d *decoder) { known.relationship(d, "r") },
			func(d *decoder) { known.entry(d, 1, 1) },
		} {
			d := decoder{b: b}
			read(&d)
			if err := d.done(); err == nil && len(d.b) > 0 {
				t.Fatal("bytes are left over and nobody said so")
			}
		}
	})
}
