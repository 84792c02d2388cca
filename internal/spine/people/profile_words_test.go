package people

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// A table that Ashar writes, and a list that somebody heads and fills with the words of a
// page, is read back as what it was.
func TestEveryWordOfTheProfileIsUnderstoodInATable(t *testing.T) {
	t.Parallel()
	c, err := i18n.Load(profile.Texts())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range i18n.Languages {
		say := c.Printer(l)
		for _, f := range profile.Fields {
			if got := headings[headingKey(f.Label(say))]; got != string(f.Name) {
				t.Errorf("%s: a column %q is read as %q, want %s", l, f.Label(say), got, f.Name)
			}
			if got := headings[headingKey(string(f.Name))]; got != string(f.Name) && f.Name != profile.Lang {
				t.Errorf("a column %q is read as %q", f.Name, got)
			}
			for _, v := range f.Values(nil) {
				if f.Name == profile.AgeBand {
					if got := ageBand(nil, time.Time{}, f.Word(say, v)); got != v {
						t.Errorf("%s: the age %q is read as %q, want %s", l, f.Word(say, v), got, v)
					}
					continue
				}
				for _, w := range []string{v, f.Word(say, v), f.Seen(say, v), f.Many(say, v)} {
					if f.Name == profile.Lang && w != v {
						continue
					}
					if got, _ := f.Known(nil, w); got != v {
						t.Errorf("%s: %q in a column of %s is read as %q, want %s", l, w, f.Name, got, v)
					}
				}
			}
		}
	}
}

// Every field of the table has its place in a record, and gives back what was set.
func TestARecordKeepsEveryField(t *testing.T) {
	t.Parallel()
	for _, f := range profile.Fields {
		var d Details
		if d.Get(f.Name) != nil {
			t.Errorf("%s of nobody is %q", f.Name, d.Get(f.Name))
		}
		value := "Айгүл"
		switch {
		case f.Chosen():
			value = f.Values(nil)[0]
		case f.Name == profile.BirthYear:
			value = "1987"
		case f.Name == profile.Phone:
			value = "+996555200211"
		case f.Name == profile.Email:
			value = "aigul@example.kg"
		}
		d.FullName = "Айгүл"
		d.Set(f.Name, value)
		d, err := Tidy(nil, d, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
		if err != nil || d.First(f.Name) != value {
			t.Errorf("%s: %q became %q, %v", f.Name, value, d.Get(f.Name), err)
		}
		if d.Set(f.Name); d.Get(f.Name) != nil {
			t.Errorf("%s cannot be emptied: %q", f.Name, d.Get(f.Name))
		}
	}
}
