package profile

import (
	"embed"
	"io/fs"
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
)

//go:embed text/*.json
var files embed.FS

// Texts are ky.json, ru.json and en.json.
func Texts() fs.FS {
	text, err := fs.Sub(files, "text")
	if err != nil {
		panic("profile: " + err.Error()) // the folder is embedded above
	}
	return text
}

// Label names a field where it stands above a value: of a table, of a filter, of a form
// that speaks of somebody else.
func (f Field) Label(say *i18n.Printer) string { return say.T("profile.field." + string(f.Name)) }

// Question asks the person herself for the field.
func (f Field) Question(say *i18n.Printer) string {
	return say.T(f.QuestionKey())
}

// QuestionKey is the text key of Question.
func (f Field) QuestionKey() string { return "profile.question." + string(f.Name) }

// QuestionHelp gives the words under the question, empty for none.
func (f Field) QuestionHelp(say *i18n.Printer) string {
	if key := "profile.help." + string(f.Name); say.Has(key) {
		return say.T(key)
	}
	return ""
}

// Word names a value as a person says it of herself. What is neither a code nor a city is
// given as it is; of nothing there is no word.
func (f Field) Word(say *i18n.Printer, value string) string {
	if n, ok := f.entry(say, value); ok {
		return n.Name.In(say.Lang)
	}
	switch {
	case f.Name == AgeBand:
		return i18n.AgeBand(say.Lang, value)
	case !slices.Contains(f.values, value):
		return value
	}
	return say.T("profile.value." + string(f.Name) + "." + value)
}

// entry gives what a value is called today that is of a list of the house.
func (f Field) entry(say *i18n.Printer, value string) (Named, bool) {
	if !f.Listed && !f.Open {
		return Named{}, false
	}
	e, ok := Said(say).Entry(f.Name, value)
	return e.Now, ok
}

// Seen names a value as somebody else says it of her: woman, prefers not to say.
func (f Field) Seen(say *i18n.Printer, value string) string {
	if key := "profile.seen." + string(f.Name) + "." + value; say.Has(key) {
		return say.T(key)
	}
	return f.Word(say, value)
}

// Many names all who have a value: women, deputies.
func (f Field) Many(say *i18n.Printer, value string) string {
	if n, ok := f.entry(say, value); ok {
		return n.many(say.Lang)
	}
	if key := "profile.many." + string(f.Name) + "." + value; say.Has(key) {
		return say.T(key)
	}
	return f.Word(say, value)
}

// Built are the keys that are put together while the code runs.
func Built() []i18n.Built {
	var fields, questions, values []string
	for _, f := range Fields {
		fields = append(fields, string(f.Name))
		if f.Asks != "" {
			questions = append(questions, string(f.Name))
		}
		if f.Name == Lang { // by its own name
			continue
		}
		for _, v := range f.values { // what is listed is named by data
			values = append(values, string(f.Name)+"."+v)
		}
	}
	return []i18n.Built{
		{Keys: "profile.field.*", Of: fields, Why: "the fields of a person"},
		{Keys: "profile.question.*", Of: questions, Why: "the questions that ask for a field"},
		{Keys: "profile.help.*", Of: questions, Some: true, Why: "help at those questions that need it"},
		{Keys: "profile.value.*", Of: values, Why: "a value, as a person says it of herself"},
		{Keys: "profile.seen.*", Of: values, Some: true, Why: "a value where another says it otherwise of her"},
		{Keys: "profile.many.*", Of: values, Some: true, Why: "those who have a value, where the word for them differs"},
	}
}
