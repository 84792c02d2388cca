package i18ntest_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/i18n/i18ntest"
)

// sound is code that asks for every text there is and for no other.
const sound = `package x
const door = "x.door"
func page(say P, s string) {
	say.T("x.title", "name", s); say.T("x.state." + s); use(Item{Key: "x.word"}, "x.permission", door)
	letter(say, "x.notice"); New(Invalid, "x.fault", Args{"count": 2})
	f.Check(ok, "field", "x.short", Args{"count": 2})
}
func letter(say P, key string) { say.T(key + ".subject") }
func built() []i18n.Built { return []i18n.Built{{Keys: "x.state.*"}} }
`

func TestEachKindOfFaultInTextsAndCodeIsNamed(t *testing.T) {
	t.Parallel()
	texts := `{"x.title":"{name}","x.word":"a","x.state.open":"a","x.state.shut":"a","x.notice.subject":"a","x.fault":"{count}","x.short":"{count}"}`
	built := []i18n.Built{
		{Keys: "x.state.*", Of: []string{"open", "shut"}, Why: "the states"},
		{Keys: "x.notice*", Of: []string{".subject"}, Why: "the parts of a letter"},
		{Keys: "x.door", Why: "no text: a link"},
	}
	for name, c := range map[string]struct {
		more, texts string
		built       []i18n.Built
		want        string
	}{
		"nothing": {},
		"a key that no text has": {
			more: "func a(say P) { say.T(\"x.gone\") }", want: `x.go:11:23: there is no text "x.gone"`,
		},
		"a key in a list that no text has": {
			more: "var a = []Item{{Key: \"x.gone\"}}", want: `x.go:11:22: there is no text "x.gone"`,
		},
		"a text that nothing asks for": {texts: `,"x.left":"a"`, want: `nothing asks for the text "x.left"`},
		"a text of a family that is not among its words": {
			texts: `,"x.state.ajar":"a"`, want: `nothing asks for the text "x.state.ajar"`,
		},
		"a word of a family without a text": {
			built: []i18n.Built{{Keys: "x.state.*", Of: []string{"ajar"}, Why: "more"}}, want: `there is no text "x.state.ajar", of the family "x.state.*"`,
		},
		"keys that are made and not declared": {
			more: "func a(say P, s string) { say.T(\"x.other.\" + s) }", want: `x.go:11:33: keys are made of "x.other.", and nobody says which`,
		},
		"keys that are declared and not made": {
			built: []i18n.Built{{Keys: "x.former.*", Why: "once"}}, want: `the code makes no key of the family "x.former.*"`,
		},
		"a word that is declared and not there": {
			built: []i18n.Built{{Keys: "x.window", Why: "no text"}}, want: `the code does not have the word "x.window"`,
		},
		"a family of which there is no text": {
			more: "func a(say P, s string) { say.T(\"x.help.\" + s) }", built: []i18n.Built{{Keys: "x.help.*", Of: []string{"a"}, Some: true, Why: "help"}},
			want: `no text is of the family "x.help.*"`,
		},
		"a family without a reason": {
			built: []i18n.Built{{Keys: "x.state.*", Of: []string{"open"}}}, want: `"x.state.*" says no reason`,
		},
		"an argument that is not given": {
			more: "func a(say P) { say.T(\"x.title\", \"nome\", 1) }", want: `x.go:11:17: the text "x.title" is not given its {name}`,
		},
		"a number that plural forms are chosen by, not given": {
			more: "func a(say P) { say.T(\"x.many\") }", texts: `,"x.many":{"one":"a","few":"b","many":"b","other":"b"}`,
			want: `x.go:11:17: the text "x.many" is not given its {count}`,
		},
		"an argument that is not given to a fault": {
			more: "func a() error { return New(Invalid, \"x.fault\", Args{\"most\": 1}) }", want: `x.go:11:25: the text "x.fault" is not given its {count}`,
		},
		"an argument that is not given to a check": {
			more: "func a() { f.Check(ok, \"field\", \"x.short\") }", want: `x.go:11:12: the text "x.short" is not given its {count}`,
		},
	} {
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "x.go"), []byte(sound+"\n"+c.more), 0o600); err != nil {
			t.Fatal(err)
		}
		file := &fstest.MapFile{Data: []byte(texts[:len(texts)-1] + c.texts + "}")}
		code := i18ntest.Code{Root: root, Built: append(slices.Clone(built), c.built...), Others: []string{"x.permission"}}
		wrong, err := i18ntest.Use(code, fstest.MapFS{"ky.json": file, "ru.json": file, "en.json": file})
		if err != nil {
			t.Fatal(err)
		}
		for i := range wrong {
			if at := len(root) + 1; len(wrong[i]) > at && wrong[i][:at-1] == root {
				wrong[i] = wrong[i][at:]
			}
		}
		if c.want == "" && len(wrong) > 0 || c.want != "" && !slices.Equal(wrong, []string{c.want}) {
			t.Errorf("%s: %q", name, wrong)
		}
	}
}
