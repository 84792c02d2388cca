package forms

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
)

// QuestionKind says what is asked, and so how it is drawn, read and judged. It is stored
// with each question, so a kind is never renamed and its name never means something else.
type QuestionKind string

// The kinds that an organiser words herself.
const (
	AskText    QuestionKind = "text"
	AskLong    QuestionKind = "long"
	AskChoice  QuestionKind = "choice"
	AskMany    QuestionKind = "many"
	AskNumber  QuestionKind = "number"
	AskDate    QuestionKind = "date"
	AskFile    QuestionKind = "file"
	AskConsent QuestionKind = "consent"
	AskCity    QuestionKind = "city"
)

// The person's own fields: each is asked at most once, is known to spine/people
// and worded by the house.
const (
	AskName         QuestionKind = profile.AskName
	AskPhone        QuestionKind = profile.AskPhone
	AskEmail        QuestionKind = profile.AskEmail
	AskSex          QuestionKind = profile.AskSex
	AskAge          QuestionKind = profile.AskAge
	AskPlace        QuestionKind = profile.AskPlace
	AskVillage      QuestionKind = profile.AskVillage
	AskGroup        QuestionKind = profile.AskGroup
	AskLevel        QuestionKind = profile.AskLevel
	AskOrganisation QuestionKind = profile.AskOrganisation
	AskLanguages    QuestionKind = profile.AskLanguages
	AskAccess       QuestionKind = profile.AskAccess
)

// AskProcessing asks for the consent without which nobody may take part. It is worded by
// the house; in a form it is a question of the kind AskConsent with the key "processing".
const AskProcessing QuestionKind = "processing"

// AskPhoto asks whether photos and video of her may be published: the consent of the house,
// in its words. In a form it is a question of the kind AskConsent with the key "photo", which
// nobody has to answer with yes.
const AskPhoto QuestionKind = "photo"

// QuestionKinds lists those that an organiser words, in the order in which they are offered.
var QuestionKinds = [...]QuestionKind{AskText, AskLong, AskChoice, AskMany, AskNumber, AskDate, AskFile, AskConsent, AskCity}

// OwnKinds lists the person's own fields in the order in which they are offered.
var OwnKinds = ownKinds()

func ownKinds() (out []QuestionKind) {
	for _, asks := range profile.Questions() {
		out = append(out, QuestionKind(asks))
	}
	return out
}

// look is how the component draws a question.
type look int

// The looks.
const (
	line    look = iota // an input of one line
	area                // an input of several lines
	radios              // all options side by side, one of them
	boxes               // the same, several of them
	list                // a list that opens, for many options
	tick                // one box
	chooser             // a file is chosen
)

// nature is all that the house knows of a kind: whoever adds a kind describes it here.
type nature struct {
	look    look
	several bool // an answer may have more than one value
	lines   bool // what is written may have several lines
	longest int  // most characters of what is written, 0 for 40 and for what is chosen
	varies  bool // longest may be changed by Question.Max
	options bool // the organiser writes its options, Question.Choices
	bounds  bool // the organiser bounds it by Question.Min and Question.Max
	figures bool // a table holds its answers as numbers

	// values gives what may be chosen; nil: the answer is written.
	values func(q Question, s Sources) []string
	// word names a value that may be chosen and is no option of the organiser's.
	word func(say *i18n.Printer, v string) string
	// fix gives a written value as it is kept, or the text key of what is wrong with it;
	// nil: as it is, once it has passed the checks that hold for all that is written.
	fix func(q Question, v string) (fixed, wrong string, args fault.Args)
	// shown gives a kept value as a page shows it; nil: in the words of its option, or as it is.
	shown func(say *i18n.Printer, v string) string
	// dress completes the input: its type, what the browser may fill in, its bounds.
	dress func(q Question, f *kit.Field)
}

// natures describe every kind that may be asked.
var natures = allNatures()

func allNatures() map[QuestionKind]nature {
	all := map[QuestionKind]nature{
		AskText:   {longest: 200, varies: true},
		AskLong:   {look: area, lines: true, longest: 2000, varies: true, dress: rows(4)},
		AskChoice: {look: radios, options: true, values: ownOptions},
		AskMany:   {look: boxes, several: true, options: true, values: ownOptions},
		AskNumber: {bounds: true, figures: true, fix: fixNumber, dress: dressNumber},
		AskDate:   {fix: fixDate, shown: showDate, dress: func(_ Question, f *kit.Field) { f.Type, f.MaxLength = "date", 0 }},
		AskFile:   {look: chooser, dress: dressFile},
		AskConsent: {
			look: tick, values: func(Question, Sources) []string { return []string{"on"} },
			word: func(say *i18n.Printer, _ string) string { return say.T("forms.yes") },
		},
		AskCity: {look: list, values: ofField(profile.Of(profile.City)), word: inWordsOf(profile.Of(profile.City))},
	}
	drawn := map[QuestionKind]nature{ // the person's own fields: profile says what they take, here stands how they look
		AskName:         {dress: filledIn("", "name")},
		AskPhone:        {dress: filledIn("tel", "tel")},
		AskEmail:        {dress: filledIn("email", "email")},
		AskSex:          {look: radios},
		AskAge:          {look: list},
		AskPlace:        {look: list},
		AskVillage:      {dress: filledIn("", "address-level2")},
		AskGroup:        {look: radios},
		AskLevel:        {look: radios},
		AskOrganisation: {dress: filledIn("", "organization")},
		AskLanguages:    {look: boxes},
		AskAccess:       {look: area, dress: rows(2)},
	}
	for _, k := range OwnKinds {
		f, _ := k.field()
		n := drawn[k]
		n.several, n.lines, n.longest = f.Several, f.Lines, f.Longest
		if f.Chosen() {
			n.values, n.word = ofField(f), inWordsOf(f)
		}
		all[k] = n
	}
	return all
}

// field gives the field of the person that the kind asks for; ok is false for the kinds
// that an organiser words.
func (k QuestionKind) field() (f profile.Field, ok bool) { return profile.Asked(string(k)) }

// Own reports whether the kind is a field of the person.
func (k QuestionKind) Own() bool {
	_, own := k.field()
	return own
}

// Chosen reports whether the answer is one or more of given values.
func (k QuestionKind) Chosen() bool { return natures[k].values != nil }

func ownOptions(q Question, _ Sources) []string {
	out := make([]string, len(q.Choices))
	for i, c := range q.Choices {
		out[i] = c.Value
	}
	return out
}

// ofField gives what may be chosen of a field of the person: its codes, below the cities
// of the programme where the field is open.
func ofField(f profile.Field) func(Question, Sources) []string {
	return func(_ Question, s Sources) []string {
		if f.Open {
			return append(slices.Clone(s.Cities), f.Values(s.Lists)...)
		}
		return f.Offered(s.Lists)
	}
}

func inWordsOf(f profile.Field) func(*i18n.Printer, string) string { return f.Word }

func fixNumber(q Question, v string) (fixed, wrong string, args fault.Args) {
	n, err := strconv.ParseInt(strings.ReplaceAll(strings.ReplaceAll(v, " ", ""), "\u00a0", ""), 10, 64)
	if err != nil {
		return v, "forms.fault.number", nil
	}
	if n < q.Min && q.Max == 0 {
		return v, "forms.fault.least", fault.Args{"min": q.Min}
	}
	if n < q.Min || q.Max != 0 && n > q.Max {
		return v, "forms.fault.range", fault.Args{"min": q.Min, "max": q.Max}
	}
	return strconv.FormatInt(n, 10), "", nil
}

func fixDate(_ Question, v string) (fixed, wrong string, args fault.Args) {
	at, err := time.Parse(time.DateOnly, v)
	if err != nil {
		at, err = time.Parse("02.01.2006", v)
	}
	if err != nil || at.Year() < 1900 || at.Year() > 2200 {
		return v, "forms.fault.date", nil
	}
	return at.Format(time.DateOnly), "", nil
}

// showDate writes a day as it is written in the language.
func showDate(say *i18n.Printer, v string) string {
	day, err := time.ParseInLocation(time.DateOnly, v, i18n.Bishkek())
	if err != nil {
		return v
	}
	return i18n.Date(say.Lang, day)
}

func dressNumber(q Question, f *kit.Field) {
	f.InputMode, f.MaxLength = "numeric", 0
	if q.Min != 0 {
		f.Min = strconv.FormatInt(q.Min, 10)
	}
	if q.Max != 0 {
		f.Max = strconv.FormatInt(q.Max, 10)
	}
}

func dressFile(_ Question, f *kit.Field) {
	f.Type, f.Accept, f.MostBytes, f.MostSide, f.MaxLength = "file", files.Accept, files.Most, files.Answer.Side, 0
}

func rows(n int) func(Question, *kit.Field) {
	return func(_ Question, f *kit.Field) { f.Rows = n }
}

// filledIn lets the browser fill in what it knows of the person; keyboard is the type of
// the input and the keyboard of a phone, empty for the usual one.
func filledIn(keyboard, what string) func(Question, *kit.Field) {
	return func(_ Question, f *kit.Field) { f.Type, f.InputMode, f.Autocomplete = keyboard, keyboard, what }
}
