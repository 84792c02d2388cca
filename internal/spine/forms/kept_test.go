package forms

import (
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
)

// TestAKeptFileStaysIsReplacedOrTakenAway reads a question for a file that has an answer.
func TestAKeptFileStaysIsReplacedOrTakenAway(t *testing.T) {
	t.Parallel()
	old, other := Upload{Name: "old.pdf"}, Upload{Name: "other.pdf"}
	ticked := map[string][]string{"remove_q_work": {"yes"}}
	for _, c := range []struct {
		name     string
		required bool
		given    map[string][]string
		files    map[string]Upload
		want     string
	}{
		{"nothing came", false, nil, nil, "old.pdf"},
		{"another came", false, nil, map[string]Upload{"work": other}, "other.pdf"},
		{"it is to go", false, ticked, nil, ""},
		{"it is to go, and another came", false, ticked, map[string]Upload{"work": other}, "other.pdf"},
		{"a required one cannot go", true, ticked, nil, "old.pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := Answers{Files: map[string]Upload{"work": old}}.Clone()
			var form fault.Form
			Read(a, []Question{{Key: "work", Kind: AskFile, Required: c.required}}, c.given, c.files, Sources{}, true, &form)
			if err := form.Err(); err != nil {
				t.Error(err)
			}
			if got := a.Files["work"].Name; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestARefusedFileIsOneFault(t *testing.T) {
	t.Parallel()
	q := Question{Key: "work", Kind: AskFile, Required: true}
	var form fault.Form
	form.Add(q.Field(), "fault.file_type") // what uploads found
	Read(Answers{}.Clone(), []Question{q}, nil, nil, Sources{}, true, &form)
	if f := fault.Of(form.Err()); len(f.Fields) != 1 {
		t.Errorf("one wrong file is %d faults", len(f.Fields))
	}
}
