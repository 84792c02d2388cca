package moodle_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/banktest"
	"platforma.kg/ashar/internal/modules/learning/bank/moodle"
)

func read(t testing.TB, text string) bank.Read {
	t.Helper()
	r, err := moodle.Read([]byte(text), i18n.Kyrgyz)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return r
}

func quiz(questions ...string) string {
	return "<quiz>\n" + strings.Join(questions, "\n") + "\n</quiz>"
}

func question(kind, rest string) string {
	return `<question type="` + kind + `"><name><text>аты</text></name><questiontext format="html"><text>Суроо</text></questiontext>` + rest + "</question>"
}

func answer(fraction, text string) string {
	return `<answer fraction="` + fraction + `"><text>` + text + `</text></answer>`
}

// said gives what a reader said, as "line:column key", with + for what was taken.
func said(r bank.Read) (out []string) {
	for _, f := range r.Findings {
		taken := ""
		if f.Taken {
			taken = "+"
		}
		key := strings.TrimPrefix(strings.TrimPrefix(f.Fault.Key, "learning.file."), "fault.")
		for _, at := range f.Fault.Fields {
			key += " " + at.Field
		}
		out = append(out, taken+strconv.Itoa(f.Line)+":"+strconv.Itoa(f.Column)+" "+key)
	}
	return out
}

const course = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0 -->
<question type="category"><category><text>$course$/top/Кеңеш/Бюджет</text></category></question>
<question type="multichoice">
 <name><text>Депутаттар</text></name>
 <questiontext format="html"><text><![CDATA[<p>Канча <b>депутат</b> бар?</p><p>Бирин тандаңыз.</p>]]></text></questiontext>
 <generalfeedback format="html"><text>Конституция, 2021</text></generalfeedback>
 <defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden><idnumber>ж-1</idnumber>
 <single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>
 <answer fraction="100" format="html"><text>90</text><feedback format="html"><text>туура</text></feedback></answer>
 <answer fraction="0" format="html"><text>120</text><feedback format="html"><text></text></feedback></answer>
 <tags><tag><text>шайлоо</text></tag></tags>
</question>
<question type="multichoice">
 <name><text>Мыйзам</text></name><questiontext format="plain_text"><text>Ким &lt;кабыл&gt; алат?</text></questiontext>
 <single>false</single>
 <answer fraction="33.33333"><text>Кеңеш</text></answer><answer fraction="33.33333"><text>Эл</text></answer><answer fraction="33.33333"><text>Жыйын</text></answer><answer fraction="-50"><text>Сот</text></answer>
</question>
<question type="truefalse"><name><text>У</text></name><questiontext format="html"><text>Унитардык мамлекет.</text></questiontext>
 <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text><feedback><text>Окуңуз</text></feedback></answer></question>
<question type="shortanswer"><name><text>Б</text></name><questiontext format="html"><text>Борбор?</text></questiontext><usecase>1</usecase>
 <answer fraction="100" format="moodle_auto_format"><text>Бишкек*</text></answer><answer fraction="50"><text>Фрунзе</text></answer></question>
<question type="numerical"><name><text>К</text></name><questiontext format="html"><text>Качан?</text></questiontext>
 <answer fraction="100"><text>2010</text><tolerance>0</tolerance></answer><answer fraction="25"><text>2010</text><tolerance>3.50</tolerance></answer><answer fraction="0"><text>*</text><tolerance>0</tolerance></answer></question>
<question type="matching"><name><text>Ш</text></name><questiontext format="html"><text>Табыңыз</text></questiontext><shuffleanswers>1</shuffleanswers>
 <subquestion format="html"><text>Кыргызстан</text><answer><text>Бишкек</text></answer></subquestion>
 <subquestion format="html"><text>Казакстан</text><answer><text>Астана</text></answer></subquestion>
 <subquestion format="html"><text></text><answer><text>Москва</text></answer></subquestion></question>
<question type="ordering"><name><text>Т</text></name><questiontext format="html"><text>Тартиби</text></questiontext><gradingtype>-1</gradingtype>
 <answer fraction="1"><text>арыз</text></answer><answer fraction="2"><text>тандоо</text></answer></question>
<question type="cloze"><name><text>М</text></name><questiontext format="html"><text><![CDATA[<p>Борбор – {1:SHORTANSWER:=Бишкек#ооба~%50%Фрунзе}, {2:NUMERICAL:=7:0.5~%0%6} облус, {:MCS:~жок~=ооба \}#бали}.</p>]]></text></questiontext></question>
<question type="gapselect"><name><text>Г</text></name><questiontext format="html"><text>[[2]] жана [[3]], [[2]]</text></questiontext>
 <selectoption><text>а</text><group>1</group></selectoption><selectoption><text>б</text><group>1</group></selectoption><selectoption><text>в</text><group>2</group></selectoption><selectoption><text>г</text><group>2</group></selectoption></question>
<question type="essay"><name><text>Э</text></name><questiontext format="html"><text>Эмне үчүн?</text></questiontext><graderinfo format="html"><text>Себебин караңыз</text></graderinfo></question>
</quiz>
`

func TestACourseInKyrgyzIsReadWhole(t *testing.T) {
	t.Parallel()
	r := read(t, course)
	if got := said(r); !slices.Equal(got, []string{"+5:1 markup"}) {
		t.Fatal(got)
	}
	var kinds []bank.Kind
	for _, q := range r.Questions {
		kinds = append(kinds, q.Kind)
		if q.Category != "Кеңеш/Бюджет" {
			t.Errorf("%s lies in %q", q.Title(), q.Category)
		}
	}
	if want := []bank.Kind{bank.Single, bank.Multiple, bank.TrueFalse, bank.Short, bank.Numeric, bank.Matching, bank.Ordering, bank.Gaps, bank.Gaps, bank.Open}; !slices.Equal(kinds, want) {
		t.Fatalf("kinds are %v", kinds)
	}
	q := r.Questions
	if q[0].Text.Ky != "Канча депутат бар?\nБирин тандаңыз." || q[0].Ref != "ж-1" || !q[0].Shuffle || q[0].Options[0].Feedback.Ky != "туура" || !slices.Equal(q[0].Tags, []string{"шайлоо"}) {
		t.Errorf("the first: %+v", q[0])
	}
	if q[1].Text.Ky != "Ким <кабыл> алат?" || q[1].Options[0].Weight != bank.Share(3) || q[1].Options[3].Weight != -bank.Whole/2 {
		t.Errorf("the second: %+v", q[1])
	}
	if q[2].Options[1].Feedback.Ky != "Окуңуз" || q[2].Options[0].Weight != bank.Whole {
		t.Errorf("true or false: %+v", q[2])
	}
	if !q[3].Case || q[3].Accepted[1].Weight != bank.Whole/2 {
		t.Errorf("short: %+v", q[3])
	}
	if a := q[4].Accepted; a[0].Tolerance != "" || a[1].Tolerance != "3.5" || a[2].Value != "*" {
		t.Errorf("numbers: %+v", a)
	}
	if len(q[5].Pairs) != 2 || len(q[5].Options) != 3 || !q[5].Shuffle {
		t.Errorf("pairs: %+v", q[5])
	}
	if q[6].Rule != bank.All || q[6].Options[1].Text.Ky != "тандоо" {
		t.Errorf("order: %+v", q[6])
	}
	if g := q[7].Gaps; q[7].Text.Ky != "Борбор – [[1]], [[2]] облус, [[3]]." || g[0].Accepted[0].Feedback.Ky != "ооба" || g[1].Worth != 2 || g[1].Accepted[0].Tolerance != "0.5" || g[2].Options[1].Text.Ky != "ооба }" || g[2].Options[1].Feedback.Ky != "бали" || !q[7].Shuffle {
		t.Errorf("gaps: %+v", q[7])
	}
	if g := q[8].Gaps; q[8].Text.Ky != "[[1]] жана [[2]], [[3]]" || len(g) != 3 || len(g[1].Options) != 2 || g[2].Options[1].Weight != bank.Whole {
		t.Errorf("choices in a text: %+v", q[8])
	}
	if q[9].Guide.Ky != "Себебин караңыз" {
		t.Errorf("open: %+v", q[9])
	}
}

func TestWhatIsNotTakenIsNamedByLineAndColumn(t *testing.T) {
	t.Parallel()
	two := answer("100", "а") + answer("0", "б")
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a description":            {question("description", ""), []string{"2:1 no_question"}},
		"a kind of others":         {question("coderunner", ""), []string{"2:1 kind"}},
		"a weight":                 {question("multichoice", answer("x", "а")), []string{"2:120 weight"}},
		"a number":                 {question("numerical", answer("100", "он")), []string{"2:118 number"}},
		"none right":               {question("multichoice", answer("50", "а")+answer("0", "б")), []string{"2:1 form weights"}},
		"hints":                    {question("multichoice", two+"<hint><text>а</text></hint>"), []string{"+2:1 lost_hints"}},
		"what it is worth":         {question("multichoice", two+"<defaultgrade>2</defaultgrade>"), []string{"+2:1 lost_grade"}},
		"hidden":                   {question("multichoice", two+"<hidden>1</hidden>"), []string{"+2:1 lost_hidden"}},
		"units":                    {question("numerical", answer("100", "1")+"<units><unit><unit_name>км</unit_name></unit></units>"), []string{"+2:1 lost_units"}},
		"a template":               {question("essay", "<responsetemplate><text>а</text></responsetemplate>"), []string{"+2:1 lost_template"}},
		"a file":                   {question("essay", `<generalfeedback><text>а</text><file name="герб.png" encoding="base64">aaaa</file></generalfeedback>`), []string{"+2:1 lost_files"}},
		"another way with orders":  {question("ordering", "<gradingtype>3</gradingtype>"+answer("1", "а")+answer("2", "б")), []string{"+2:1 lost_order"}},
		"thirds in whole per cent": {question("multichoice", "<single>false</single>"+answer("33", "а")+answer("33", "б")+answer("33", "в")), []string{"+2:1 evened"}},
		"an open brace":            {`<question type="cloze"><questiontext><text>а {1:SA:=б</text></questiontext></question>`, []string{"2:24 brace_open"}},
		"many gaps":                {`<question type="cloze"><questiontext><text>` + strings.Repeat("а {1:SA:=б} ", bank.MostGaps+1) + `</text></questiontext></question>`, []string{"2:24 learning.fault.most"}},
		"the most gaps":            {`<question type="cloze"><questiontext><text>` + strings.Repeat("а {1:SA:=б} ", bank.MostGaps) + `</text></questiontext></question>`, nil},
		"many answers in a gap":    {`<question type="cloze"><questiontext><text>{1:SA:=б` + strings.Repeat("~в", bank.MostAccepted) + `}</text></questiontext></question>`, []string{"2:1 learning.fault.most"}},
		"the most answers":         {`<question type="cloze"><questiontext><text>{1:SA:=б` + strings.Repeat("~в", bank.MostAccepted-1) + `}</text></questiontext></question>`, nil},
		"several answers in a gap": {`<question type="cloze"><questiontext><text>а {1:MULTIRESPONSE:=б}</text></questiontext></question>`, []string{"2:1 kind"}},
		"a choice that is not":     {`<question type="gapselect"><questiontext><text>а [[3]]</text></questiontext><selectoption><text>а</text></selectoption></question>`, []string{"2:1 no_choice"}},
		"boxes that are used once": {`<question type="ddwtos"><questiontext><text>а [[1]]</text></questiontext><dragbox><text>а</text></dragbox><dragbox><text>б</text></dragbox></question>`, []string{"+2:1 lost_once"}},
		"what a category is for":   {`<question type="category"><category><text>а</text></category><info><text>б</text></info></question>`, []string{"+2:1 lost_category"}},
		"something else":           {"<survey/>", []string{"2:1 element"}},
		"nothing":                  {"", nil},
	} {
		if got := said(read(t, quiz(c.text))); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAFileThatIsNotWellFormedIsRefusedAtItsPlace(t *testing.T) {
	t.Parallel()
	bomb := `<!DOCTYPE quiz [<!ENTITY a "ааа"><!ENTITY b "&a;&a;&a;">]>` + quiz(question("essay", "&b;"))
	for name, c := range map[string]struct {
		text         string
		key          string
		line, column int
	}{
		"an end without a start": {"<quiz>\n <а></б></quiz>", "not_well_formed", 2, 9},
		"no end":                 {"<quiz>\n<question>", "not_well_formed", 2, 11},
		"an entity":              {"<quiz>\n<q>&nbsp;</q></quiz>", "not_well_formed", 2, 10},
		"two roots":              {"<quiz></quiz>\n<quiz></quiz>", "not_well_formed", 2, 1},
		"not XML":                {"Суроо {T}", "not_well_formed", 1, 10},
		"nothing":                {"", "not_well_formed", 1, 1},
		"entities in entities":   {bomb, "document_type", 1, 1},
		"another file":           {"<html><p/></html>", "not_moodle", 1, 1},
		"another empty file":     {"<html/>", "not_moodle", 1, 1},
		"another encoding":       {`<?xml version="1.0" encoding="windows-1251"?>` + quiz(), "encoding", 1, 1},
		"the deepest":            {"<quiz>" + strings.Repeat("<a>", 60) + strings.Repeat("</a>", 60) + "</quiz>", "too_deep", 1, 184},
		"many elements":          {"<quiz><a>" + strings.Repeat("<b/>", 50_000) + "</a></quiz>", "too_deep", 1, 200_006},
		"bytes of an old file":   {"<quiz>\n\xd1\xf2\xee\xeb</quiz>", "encoding", 2, 1},
		"too much":               {quiz(strings.Repeat(" ", bank.LargestFile)), "too_large", 0, 0},
	} {
		_, err := moodle.Read([]byte(c.text), i18n.Kyrgyz)
		f, ok := err.(bank.Finding)
		if !ok || f.Fault.Key != "learning.file."+c.key || f.Line != c.line || f.Column != c.column {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := read(t, "<quiz>"+strings.Repeat("<a>", 59)+strings.Repeat("</a>", 59)+"</quiz>"); len(r.Findings) != 1 {
		t.Errorf("at the depth that is read: %v", said(r))
	}
}

func fit(q bank.Question) bank.Question {
	q.Longest = 0
	if q.Kind == bank.Multiple {
		q.Rule = bank.ByPart
		for i := range q.Options {
			q.Options[i].Weight = max(q.Options[i].Weight, -bank.Whole)
		}
	}
	return q.Tidy()
}

var sayable = []bank.Kind{bank.Single, bank.Multiple, bank.TrueFalse, bank.Numeric, bank.Short, bank.Matching, bank.Ordering, bank.Open, bank.Gaps}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	t.Parallel()
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		var all []bank.Question
		for range rapid.IntRange(1, 4).Draw(t, "questions") {
			q := fit(banktest.Question(t, i18n.Russian, sayable...))
			q.Category = rapid.SampledFrom([]string{"", "Кеңеш", "а/б"}).Draw(t, "category")
			if rapid.Bool().Draw(t, "marks?") {
				q.Ref, q.Tags = "id 1", []string{"шайлоо", "a]:b"}
			}
			q.Shuffle = rapid.Bool().Draw(t, "shuffle") && (q.Kind == bank.Single || q.Kind == bank.Multiple || q.Kind == bank.Matching)
			q.Case = q.Kind == bank.Short && rapid.Bool().Draw(t, "case")
			if q.Validate() == nil {
				all = append(all, q)
			}
		}
		if len(all) == 0 {
			return
		}
		file, lost := moodle.Write(all, i18n.Russian)
		back, err := moodle.Read(file, i18n.Russian)
		if err != nil || len(back.Findings)+len(lost) > 0 {
			t.Fatalf("%v %v %v\n%s", err, said(back), lost, file)
		}
		if diff := cmp.Diff(all, back.Questions); diff != "" {
			t.Fatalf("%s\n%s", diff, file)
		}
		compared += len(all)
	})
	if compared < 50 {
		t.Errorf("only %d questions were compared", compared)
	}
}

func TestWhatTheFormatCannotSayIsNamedByQuestion(t *testing.T) {
	t.Parallel()
	all := read(t, course).Questions
	with := func(i int, change func(*bank.Question)) bank.Question {
		q := all[i]
		q.Gaps = slices.Clone(q.Gaps)
		change(&q)
		return q
	}
	for name, c := range map[string]struct {
		q     bank.Question
		taken bool
		key   string
	}{
		"two languages": {with(2, func(q *bank.Question) { q.Text = q.Text.Translated(i18n.Kyrgyz, i18n.Russian, "Вопрос") }), true, "lost_languages"},
		"another language": {with(2, func(q *bank.Question) {
			q.Language, q.Text, q.Options[1].Feedback = i18n.Russian, bank.Say(i18n.Russian, "Вопрос"), bank.Words{}
		}), false, "lost_question_language"},
		"all or nothing":   {with(1, func(q *bank.Question) { q.Rule = bank.All }), true, "lost_rule"},
		"all pairs":        {with(5, func(q *bank.Question) { q.Rule = bank.All }), true, "lost_rule"},
		"letters":          {with(3, func(q *bank.Question) { q.Letters = true }), true, "lost_letters"},
		"letters of a gap": {with(7, func(q *bank.Question) { q.Gaps[0].Letters = true }), true, "lost_letters"},
		"the length":       {with(9, func(q *bank.Question) { q.Longest = 500 }), true, "lost_guide"},
		"the source":       {with(9, func(q *bank.Question) { q.Source = "китеп" }), true, "lost_source"},
		"a scale":          {bank.Question{Kind: bank.Scale, Language: i18n.Kyrgyz, Text: bank.Say(i18n.Kyrgyz, "Кандай?"), Steps: 5}, false, "lost_kind"},
	} {
		if err := c.q.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		file, lost := moodle.Write([]bank.Question{c.q}, i18n.Kyrgyz)
		if len(lost) != 1 || lost[0].Fault.Key != "learning.file."+c.key || lost[0].Taken != c.taken || lost[0].Number != 1 {
			t.Errorf("%s: %v", name, lost)
		}
		if back := read(t, string(file)); len(back.Questions) == 1 != c.taken || len(back.Findings) > 0 {
			t.Errorf("%s: %d read back, %v\n%s", name, len(back.Questions), said(back), file)
		}
	}
}

// Another reader of XML (fast-xml-parser of npm), and another reading of the answers, of a
// few lines of its own, find in what we write the same questions with the same answers.
func TestAnotherReaderFindsTheSameAnswers(t *testing.T) {
	t.Parallel()
	questions := read(t, course).Questions
	hard := `]]> & < > &amp; <b> ~ = # { } \ %50%`
	questions[0].Text.Ky, questions[0].Options[1].Text.Ky, questions[0].Options[1].Feedback.Ky = "а\n"+hard, hard, hard
	questions[3].Accepted[1].Value, questions[5].Options[2].Text.Ky = hard, hard
	questions[7].Gaps[0].Accepted[1].Value, questions[7].Gaps[2].Options[0].Text.Ky = hard, hard
	file, lost := moodle.Write(questions, i18n.Kyrgyz)
	if len(lost) > 0 {
		t.Fatal(lost)
	}
	run := exec.Command("node", "testdata/answers.mjs")
	run.Stdin = strings.NewReader(string(file))
	out, err := run.Output()
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			t.Fatalf("%s\n%s", e.Stderr, file)
		}
		t.Fatal(err)
	}
	var theirs []theirQuestion
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(theirs) != len(questions) {
		t.Fatalf("they read %d of %d questions", len(theirs), len(questions))
	}
	for i, q := range questions {
		if diff := cmp.Diff(asTheirs(q), theirs[i]); diff != "" {
			t.Errorf("question %d, %s: %s", i+1, q.Kind, diff)
		}
	}
}

type theirQuestion struct {
	Type, Name, Text string
	Answers          []theirAnswer
}

type theirAnswer struct{ Text, Weight, More, Feedback string }

func asTheirs(q bank.Question) theirQuestion {
	out := theirQuestion{Type: map[bank.Kind]string{
		bank.Single: "multichoice", bank.Multiple: "multichoice", bank.TrueFalse: "truefalse", bank.Numeric: "numerical", bank.Short: "shortanswer",
		bank.Matching: "matching", bank.Ordering: "ordering", bank.Gaps: "cloze", bank.Open: "essay",
	}[q.Kind], Name: q.Name, Text: q.Text.Ky}
	add := func(text string, w bank.Weight, more string, why bank.Words) {
		out.Answers = append(out.Answers, theirAnswer{text, w.Percent(), more, why.Ky})
	}
	options := func(list []bank.Option) {
		for i, o := range list {
			switch q.Kind {
			case bank.TrueFalse:
				add(o.ID, o.Weight, "", o.Feedback)
			case bank.Ordering:
				out.Answers = append(out.Answers, theirAnswer{Text: o.Text.Ky, Weight: strconv.Itoa(i + 1)})
			case bank.Matching:
			default:
				add(o.Text.Ky, o.Weight, "", o.Feedback)
			}
		}
	}
	accepted := func(kind bank.Kind, list []bank.Accepted) {
		for _, a := range list {
			more := ""
			if kind == bank.Numeric {
				if more = a.Tolerance; more == "" {
					more = "0"
				}
			}
			add(a.Value, a.Weight, more, a.Feedback)
		}
	}
	options(q.Options)
	accepted(q.Kind, q.Accepted)
	for _, g := range q.Gaps {
		options(g.Options)
		accepted(g.Kind, g.Accepted)
	}
	if q.Kind == bank.Matching {
		used := map[string]bool{}
		for _, p := range q.Pairs {
			i := slices.IndexFunc(q.Options, func(o bank.Option) bool { return o.ID == p.Right })
			used[p.Right] = true
			out.Answers = append(out.Answers, theirAnswer{Text: p.Text.Ky, More: q.Options[i].Text.Ky})
		}
		for _, o := range q.Options {
			if !used[o.ID] {
				out.Answers = append(out.Answers, theirAnswer{More: o.Text.Ky})
			}
		}
	}
	return out
}

// Whatever can be read is whole, is written, and reads back the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(course))
	for _, seed := range []string{quiz(question("multichoice", answer("100", "а")+answer("0", "б"))), "<quiz/>", "<quiz>&#1;</quiz>", "<!DOCTYPE a><quiz/>", quiz(`<question type="cloze"><questiontext><text>&lt;{1:MC:=a~%50%b#c&amp;#35;}\{</text></questiontext></question>`)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := moodle.Read(raw, i18n.Kyrgyz)
		for _, q := range r.Questions {
			if err := q.Validate(); err != nil {
				t.Fatalf("%v: %+v", err, q)
			}
		}
		if err != nil {
			return
		}
		file, lost := moodle.Write(r.Questions, i18n.Kyrgyz)
		again, err := moodle.Read(file, i18n.Kyrgyz)
		if err != nil || len(again.Findings) > 0 {
			t.Fatalf("%v %v\n%s", err, said(again), file)
		}
		if len(lost) > 0 {
			return
		}
		for i := range r.Questions { // of gaps the options are numbered anew, and HTML knows one kind of space
			if r.Questions[i].Kind == bank.Gaps {
				r.Questions[i], again.Questions[i] = spaced(r.Questions[i]), spaced(again.Questions[i])
			}
		}
		if diff := cmp.Diff(r.Questions, again.Questions); diff != "" {
			t.Fatalf("%s\n%s", diff, file)
		}
	})
}

// spaced gives a question with plain spaces and with its options numbered.
func spaced(q bank.Question) bank.Question {
	for j := range q.Gaps {
		for k := range q.Gaps[j].Options {
			q.Gaps[j].Options[k].ID = strconv.Itoa(k)
		}
	}
	raw, err := json.Marshal(q)
	if err == nil {
		err = json.Unmarshal([]byte(strings.NewReplacer("\u00a0", " ", `\t`, " ").Replace(string(raw))), &q)
	}
	if err != nil {
		panic(err)
	}
	return q
}
