package reconcile_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// timetable is a driver whose one folder is the timetable of a university, with a partition for each student: what a query of a database is, without one. Each
// lesson has as many attendees as there are students to each of its places.
type timetable struct {
	students, lessons, each int // each student attends so many of the lessons

	items   []*pim.Item   // the lessons
	version []int         // of each lesson
	reads   *atomic.Int64 // times that the timetable was read as a whole
	fetched *atomic.Int64 // lessons that were handed out
}

// newTimetable makes one in which students attend so many lessons each.
func newTimetable(students, lessons, each int) *timetable {
	t := &timetable{students: students, lessons: lessons, each: each, version: make([]int, lessons), reads: &atomic.Int64{}, fetched: &atomic.Int64{}}
	for n := range lessons {
		t.items = append(t.items, lesson(n, time.Date(2026, 10, 5+n%70, 8+n%10, 0, 0, 0, time.UTC)))
	}
	return t
}

func lesson(n int, start time.Time) *pim.Item {
	const layout = "20060102T150405Z"
	text := fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Accord//EN\r\nBEGIN:VEVENT\r\nUID:lesson-%05d@university.example\r\nDTSTAMP:20260901T000000Z\r\n"+
		"DTSTART:%s\r\nDTEND:%s\r\nSUMMARY:Lesson %d of module %d\r\nLOCATION:Room %d\\, Building %d\r\nDESCRIPTION:Lecturer %d\r\nX-GROUP:%d\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		n, start.Format(layout), start.Add(50*time.Minute).Format(layout), n, n/20, n%300, n%12, n%450, n%7)
	it, err := pim.Parse(pim.Calendar, []byte(text))
	if err != nil {
		panic(err)
	}
	return it
}

// move gives a lesson another time.
func (t *timetable) move(n int, start time.Time) {
	t.items[n] = lesson(n, start)
	t.version[n]++
}

// attends are the lessons of a student, in order.
func (t *timetable) attends(student int) []int {
	var list []int
	step := t.lessons / t.each
	for i := range t.each {
		list = append(list, i*step+student%step)
	}
	return list
}

// attendees is how many students attend a lesson.
func (t *timetable) attendees(n int) int {
	step := t.lessons / t.each
	count := 0
	for s := range t.students {
		if n%step == s%step {
			count++
		}
	}
	return count
}

func (t *timetable) Schema() providers.Schema {
	return providers.Schema{Doc: "A timetable.", ReadOnly: true,
		Folder: []providers.Attribute{{Name: "partition", Type: providers.String, Doc: "Column of students."}}}
}

func (t *timetable) Locate(_ providers.Config, f providers.FolderConfig) (string, error) {
	if f.Partition != nil {
		return "timetable:" + *f.Partition, nil
	}
	return "timetable:", nil
}

func (t *timetable) Open(context.Context, providers.Config) (providers.Provider, error) {
	return &openTimetable{timetable: t}, nil
}

// openTimetable is the timetable as one run sees it.
type openTimetable struct {
	*timetable
	read atomic.Bool
}

func (p *openTimetable) Check(context.Context) error { return nil }
func (p *openTimetable) Close() error                { return nil }

func (p *openTimetable) Discover(context.Context) ([]providers.Discovered, error) {
	return nil, providers.Classed(providers.Refused, fmt.Errorf("a timetable has one folder"))
}

func (p *openTimetable) CreateFolder(context.Context, providers.FolderConfig) error {
	return providers.Classed(providers.Refused, fmt.Errorf("a timetable is read"))
}

func (p *openTimetable) Folder(_ context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	n, err := strconv.Atoi((*cfg.Partition)[1:])
	return lessonsOf{p, n}, err
}

// lessonsOf are the lessons of one student.
type lessonsOf struct {
	of      *openTimetable
	student int
}

func (f lessonsOf) Capabilities() providers.Capabilities {
	return providers.Capabilities{ReadOnly: true, Feed: true, UIDs: true, Creates: providers.NotIdempotent, Silent: true, Batch: 1000, Parallel: 1}
}

func (f lessonsOf) Identity() string { return "" }

func (f lessonsOf) Changes(_ context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	if f.of.read.CompareAndSwap(false, true) {
		f.of.reads.Add(1)
	}
	sum := 0
	list := f.of.attends(f.student)
	for _, n := range list {
		sum += f.of.version[n] * (n + 1)
	}
	read := providers.Read{Complete: true, Full: true, Cursor: strconv.Itoa(sum)}
	if cursor == read.Cursor {
		read.Full = false
		return read, nil
	}
	for _, n := range list {
		if err := each(providers.Change{Ref: "lesson-" + strconv.Itoa(n), Version: strconv.Itoa(f.of.version[n])}); err != nil {
			return providers.Read{}, err
		}
	}
	return read, nil
}

func (f lessonsOf) Fetch(_ context.Context, refs []string, each func(providers.Fetched) error) error {
	f.of.fetched.Add(int64(len(refs)))
	for _, ref := range refs {
		n, err := strconv.Atoi(ref[len("lesson-"):])
		if err != nil {
			return err
		}
		if err := each(providers.Fetched{Ref: ref, Version: strconv.Itoa(f.of.version[n]), Item: f.of.items[n]}); err != nil {
			return err
		}
	}
	return nil
}

func (f lessonsOf) Write(_ context.Context, writes []providers.Write) []providers.Outcome {
	out := make([]providers.Outcome, len(writes))
	for i := range out {
		out[i] = providers.Outcome{Class: providers.Refused, Err: fmt.Errorf("a timetable is read")}
	}
	return out
}
