package gift_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/banktest"
	"platforma.kg/ashar/internal/modules/learning/bank/gift"
)

func read(t testing.TB, text string) bank.Read {
	t.Helper()
	r, err := gift.Read([]byte(text), i18n.Kyrgyz)
	if err != nil {
		t.Fatal(err)
	}
	return r
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
		out = append(out, taken+place(f)+" "+key)
	}
	return out
}

func place(f bank.Finding) string {
	b, _ := json.Marshal([2]int{f.Line, f.Column})
	return strings.NewReplacer("[", "", "]", "", ",", ":").Replace(string(b))
}

const course = `// Сабак: жергиликтүү өз алдынча башкаруу
$CATEGORY: $course$/top/Кеңеш/Бюджет

// [id:ж-1] [tag:шайлоо] [tag:кеңеш]
::Депутаттардын саны::Жогорку Кеңеште канча депутат бар?{
  =90 #туура
  ~120#Мурда ушундай болгон
  ~%50%90дой####Конституция, 2021
}

Кайсылары мыйзам чыгарат? {
  ~%33.333%Жогорку Кеңеш ~%33.333%Президент ~%33.333%Өкмөт
  ~%-50%Сот
}

Кыргыз Республикасы — унитардык мамлекет.{TRUE#Конституцияны окуңуз#Ооба}

Кыргызстанда {=жети =7 ~алты} облус бар.

Борбор шаар? {=Бишкек =%50%Фрунзе#эски аты =Пишпек*}

Конституция качан кабыл алынган? {#=2010:0#ооба =%25%2007..2013 ~#Жок}

Бюджет жылына {#12} ай.

Борборлорун табыңыз {=Кыргызстан -> Бишкек =Казакстан->Астана
=Өзбекстан -> Ташкент = -> Москва}

Эмне үчүн шайлоого барасыз?{}
`

func TestACourseInKyrgyzIsReadWhole(t *testing.T) {
	t.Parallel()
	r := read(t, course)
	if len(r.Findings) > 0 {
		t.Fatal(said(r))
	}
	var kinds []bank.Kind
	for _, q := range r.Questions {
		kinds = append(kinds, q.Kind)
		if q.Category != "Кеңеш/Бюджет" {
			t.Errorf("%s lies in %q", q.Title(), q.Category)
		}
	}
	if want := []bank.Kind{bank.Single, bank.Multiple, bank.TrueFalse, bank.Gaps, bank.Short, bank.Numeric, bank.Gaps, bank.Matching, bank.Open}; !slices.Equal(kinds, want) {
		t.Fatalf("kinds are %v", kinds)
	}
	if want := []int{5, 11, 16, 18, 20, 22, 24, 26, 29}; !slices.Equal(r.Lines, want) {
		t.Errorf("lines are %v, want %v", r.Lines, want)
	}
	one := r.Questions[0]
	if one.Name != "Депутаттардын саны" || one.Ref != "ж-1" || !slices.Equal(one.Tags, []string{"шайлоо", "кеңеш"}) || one.Feedback.Ky != "Конституция, 2021" {
		t.Errorf("the first question: %+v", one)
	}
	if o := one.Options; o[0].Feedback.Ky != "туура" || o[2].Weight != bank.Whole/2 || o[1].Feedback.Ky != "Мурда ушундай болгон" {
		t.Errorf("its options: %+v", o)
	}
	if w := r.Questions[1].Options; w[0].Weight != bank.Share(3) || w[3].Weight != -bank.Whole/2 {
		t.Errorf("weights: %+v", w)
	}
	if yes := r.Questions[2].Options; yes[0].Weight != bank.Whole || yes[0].Feedback.Ky != "Ооба" || yes[1].Feedback.Ky != "Конституцияны окуңуз" {
		t.Errorf("true or false: %+v", yes)
	}
	if gap := r.Questions[3]; gap.Text.Ky != "Кыргызстанда [[1]] облус бар." || gap.Gaps[0].Kind != bank.Single || len(gap.Gaps[0].Options) != 3 {
		t.Errorf("the gap: %+v", gap)
	}
	want := []bank.Accepted{{Value: "2010", Weight: bank.Whole, Feedback: bank.Say(i18n.Kyrgyz, "ооба")}, {Value: "2010", Tolerance: "3", Weight: bank.Whole / 4}, {Value: "*", Feedback: bank.Say(i18n.Kyrgyz, "Жок")}}
	if diff := gocmp.Diff(want, r.Questions[5].Accepted); diff != "" {
		t.Error(diff)
	}
	if pairs := r.Questions[7]; len(pairs.Pairs) != 3 || len(pairs.Options) != 4 || pairs.Options[3].Text.Ky != "Москва" {
		t.Errorf("matching: %+v", pairs)
	}
}

func TestWhatIsWrongIsNamedByLineAndColumn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Бул жөн гана сөз.":                                    {"1:1 no_question"},
		"\n\nСуроо {=а =б":                                     {"3:7 brace_open"},
		"Суроо =а}":                                            {"1:9 brace_close"},
		"Суроо } {=а":                                          {"1:7 brace_close"},
		"Суроо {=а {б} }":                                      {"1:11 brace_open"},
		"Суроо {=а ~б} жана {=в ~г}":                           {"1:20 brace_twice"},
		"Суроо {=а\n\n=б}":                                     {"1:7 brace_open", "3:3 brace_close"},
		"Суроо {\nалгач =а ~б}":                                {"2:1 before_answers"},
		"Суроо {\n=а ~%150%б}":                                 {"2:5 weight"},
		"// эскертүү\nСуроо {=а -> б\n  =в}":                   {"3:4 arrow"},
		"Суроо {#он эки}":                                      {"1:9 number"},
		"Суроо {#}":                                            {"1:9 number"},
		"Суроо {#1 ~2}":                                        {"1:12 number"},
		"Суроо {~а ~б}":                                        {"1:1 form weights"},
		"Суроо {=а ~а}":                                        {"1:1 form option_2_ky"},
		"Суроо {=а ~}":                                         {"1:1 form option_2_ky"},
		"Суроо {~%33%а ~%33%б ~%33%в ~г}":                      {"+1:1 evened"},
		"[html]<b>Суроо</b> {=<i>а</i> ~б}":                    {"+1:1 markup"},
		"[markdown]**Суроо** {=а ~б}":                          {"+1:1 markup"},
		"Суроо <br> {=а ~б}":                                   {"+1:1 markup"},
		"Эгер а < б {=а ~б}":                                   nil,
		"::Аты::{=а ~б}":                                       {"1:8 form text_ky"},
		"Суроо {=а ~б}\n \t \nЭкинчи {=в ~г}":                  nil,
		`Суроо {=\=а\~ ~б\:\\ ~в\n жана г}`:                    nil,
		"$CATEGORY: а/б\nСуроо {T}":                            nil,
		"Суроо { =а#ооба# ~б#}":                                nil,
		strings.Repeat("\n", 7) + "\u202eСуроо{=а ~\u202eб а}": nil,
		"шай\u202eлоо {=а ~б}":                                 {"1:1 form text_ky"},
		"Суроо {" + strings.Repeat("~а", 31) + "}":             {"1:8 learning.fault.most"},
	} {
		if got := said(read(t, text)); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestTrapsOfTheFormatAreReadAsMoodleReadsThem(t *testing.T) {
	t.Parallel()
	all := read(t, "Бири {~%100%туура ~жаңылыш}\n\nЭки {=а\\=б ~в\\\\г ~д\\*е}\n\nҮч {=%20% ~б}\n\nТөрт {=~а ~б}\n\nБеш {=T =F}\n\nАлты {T};\n\n[plain]<b> {=[html]<b>а</b>&lt; ~<i>}")
	q := all.Questions
	if len(q) != 6 || len(all.Findings) != 2 {
		t.Fatalf("%d questions, %v", len(q), said(all))
	}
	if q[0].Kind != bank.Multiple || q[0].Options[0].Weight != bank.Whole {
		t.Error("a hundred per cent without an equals sign is not of several answers")
	}
	if o := q[1].Options; o[0].Text.Ky != "а=б" || o[1].Text.Ky != `в\г` || o[2].Text.Ky != `д\*е` {
		t.Errorf("escapes: %+v", o)
	}
	if o := q[2].Options[0]; o.Text.Ky != "%20%" || o.Weight != bank.Whole {
		t.Errorf("per cents behind an equals sign are text: %+v", o)
	}
	if q[3].Kind != bank.Short {
		t.Errorf("two letters with equals signs are %s", q[3].Kind)
	}
	if q[4].Kind != bank.TrueFalse || q[4].Text.Ky != "Алты _____;" {
		t.Errorf("true or false with a text behind it: %+v", q[4])
	}
	long := read(t, "Суроо   \n   узун\n{=а # ооба,  \n \t бирок ~б\\n  в}").Questions[0]
	if long.Text.Ky != "Суроо\nузун" || long.Options[0].Feedback.Ky != "ооба,\nбирок" || long.Options[1].Text.Ky != "б\n  в" {
		t.Errorf("lines that go on: %+v", long)
	}
	if o := q[5].Options; q[5].Text.Ky != "<b>" || o[0].Text.Ky != "а<" || o[1].Text.Ky != "<i>" {
		t.Errorf("formats: %+v", q[5])
	}
}

func TestAFileInAnotherEncodingIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw, encoding string
		line, column  int
	}{
		"Russian of an old Windows": {"// a\n\xd1\xf2\xee\xeb\xe8\xf6\xe0 {=\xc1\xe8\xf8\xea\xe5\xea}", "Windows-1251", 2, 1},
		"French of an old Windows":  {"Le caf\xe9 est tr\xe8s bon {T}", "Windows-1252", 1, 7},
		"two bytes a letter":        {"\xff\xfe\x21\x04", "UTF-16", 1, 1},
	} {
		_, err := gift.Read([]byte(c.raw), i18n.Russian)
		f, ok := err.(bank.Finding)
		if !ok || f.Fault.Key != "learning.file.encoding" || f.Fault.Args["encoding"] != c.encoding || f.Line != c.line || f.Column != c.column {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := gift.Read([]byte("а\x00б {T}"), i18n.Russian); err == nil || !strings.Contains(err.Error(), "not_text") {
		t.Errorf("a zero byte: %v", err)
	}
	if r, err := gift.Read([]byte("\xef\xbb\xbfСуроо {T}\r\n\r\nЭкинчи {F}\r\n"), i18n.Russian); err != nil || len(r.Questions) != 2 {
		t.Errorf("a mark before the text and lines of Windows: %v %v", r, err)
	}
}

func TestAFileIsReadUpToItsBounds(t *testing.T) {
	t.Parallel()
	one := "Суроо {T}\n\n"
	fill := strings.Repeat(" ", bank.LargestFile-len(one))
	if r, err := gift.Read([]byte(one+fill), i18n.Kyrgyz); err != nil || len(r.Questions) != 1 {
		t.Errorf("the largest file: %v", err)
	}
	if _, err := gift.Read([]byte(one+fill+" "), i18n.Kyrgyz); err == nil || !strings.Contains(err.Error(), "too_large") {
		t.Errorf("a larger one: %v", err)
	}
	r := read(t, strings.Repeat(one, bank.MostQuestions))
	if len(r.Questions) != bank.MostQuestions || len(r.Findings) != 0 {
		t.Errorf("%d questions, %d findings", len(r.Questions), len(r.Findings))
	}
	if r = read(t, strings.Repeat(one, bank.MostQuestions+1)); len(r.Questions) != bank.MostQuestions || len(r.Findings) != 1 || r.Findings[0].Line != 20001 {
		t.Errorf("one more: %v", said(r))
	}
}

func TestAQuestionHasAsManyAnswersAsAreRead(t *testing.T) {
	t.Parallel()
	list := func(sign string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, sign, i)
		}
		return "Суроо {" + b.String() + "}"
	}
	for sign, most := range map[string]int{"=%d": bank.MostAccepted, "=%[1]d->%[1]d": bank.MostPairs} {
		if r := read(t, list(sign, most)); len(r.Questions) != 1 {
			t.Errorf("%d of %s: %v", most, sign, said(r))
		}
		if r := read(t, list(sign, most+1)); len(r.Questions) != 0 || len(r.Findings) != 1 {
			t.Errorf("one more of %s: %v", sign, said(r))
		}
	}
	options := list("~%[1]d", bank.MostOptions)
	if r := read(t, strings.Replace(options, "~", "=", 1)); len(r.Questions) != 1 {
		t.Errorf("the most options: %v", said(r))
	}
}

// Each of these took time in the square of its length once, or would with a careless hand.
func BenchmarkLongLines(b *testing.B) {
	for name, text := range map[string]string{
		"options": "С {" + strings.Repeat("~%999%а", 1<<17) + "}", "pairs": "С {" + strings.Repeat("=а->б", 1<<17) + "}", "tags": "//" + strings.Repeat("[tag:а]", 1<<17) + "\nС {T}",
		"backslashes": "С {=" + strings.Repeat(`\`, 1<<20) + "}", "colons": "::" + strings.Repeat(":а", 1<<19) + "{T}", "hashes": "С {T" + strings.Repeat("#", 1<<20) + "}", "braces": strings.Repeat("{", 1<<20),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				read(b, text)
			}
		})
	}
}

// sayable are the kinds that GIFT has words for.
var sayable = []bank.Kind{bank.Single, bank.Multiple, bank.TrueFalse, bank.Numeric, bank.Short, bank.Matching, bank.Open, bank.Gaps}

// fit makes a question one of which GIFT can say everything.
func fit(q bank.Question) bank.Question {
	q.Longest, q.Guide = 0, bank.Words{}
	if q.Kind == bank.Multiple && q.Rule == bank.All {
		q.Rule = bank.ByPart
	}
	if q.Kind == bank.Gaps {
		q.Gaps = q.Gaps[:1]
		q.Gaps[0].Worth = 1
		before, after, _ := strings.Cut(q.Text.In(q.Language), q.Gaps[0].Marker())
		after, _, _ = strings.Cut(after, "[[2]]")
		q.Text = bank.Say(q.Language, before+q.Gaps[0].Marker()+after)
	}
	return q.Tidy()
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	t.Parallel()
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		var all []bank.Question
		for range rapid.IntRange(1, 4).Draw(t, "questions") {
			q := fit(banktest.Question(t, i18n.Russian, sayable...))
			q.Category = rapid.SampledFrom([]string{"", "Кеңеш", "а/б"}).Draw(t, "category")
			if rapid.Bool().Draw(t, "marks?") {
				q.Ref, q.Tags = "id 1", []string{"шайлоо", "a:b"}
			}
			if q.Validate() == nil {
				all = append(all, q)
			}
		}
		file, lost := gift.Write(all, i18n.Russian)
		for _, f := range slices.Backward(lost) {
			if f.Taken && f.Fault.Key != "learning.file.lost_gap" {
				t.Fatalf("lost: %v", f)
			}
			all = slices.Delete(all, f.Number-1, f.Number)
		}
		if len(lost) > 0 {
			file, lost = gift.Write(all, i18n.Russian)
			if len(lost) > 0 {
				t.Fatal(lost)
			}
		}
		if len(all) == 0 {
			return
		}
		back, err := gift.Read(file, i18n.Russian)
		if err != nil || len(back.Findings) > 0 {
			t.Fatalf("%v %v\n%s", err, said(back), file)
		}
		if diff := gocmp.Diff(all, back.Questions); diff != "" {
			t.Fatalf("%s\n%s", diff, file)
		}
		read += len(all)
	})
	if read < 50 {
		t.Errorf("only %d questions were compared", read)
	}
}

func TestWhatGIFTCannotSayIsNamedByQuestion(t *testing.T) {
	t.Parallel()
	with := func(text string, change func(*bank.Question)) bank.Question {
		q := read(t, text).Questions[0]
		change(&q)
		return q
	}
	both := "Суроо {~%50%а ~%50%б ~в}"
	for name, c := range map[string]struct {
		q     bank.Question
		taken bool
		key   string
	}{
		"two languages":        {with("Суроо {T}", func(q *bank.Question) { q.Text = q.Text.Translated(i18n.Kyrgyz, i18n.Russian, "Вопрос") }), true, "lost_languages"},
		"another language":     {with("Суроо {T}", func(q *bank.Question) { q.Language, q.Text = i18n.Russian, bank.Say(i18n.Russian, "Вопрос") }), false, "lost_question_language"},
		"all or nothing":       {with(both, func(q *bank.Question) { q.Rule = bank.All }), true, "lost_rule"},
		"capital letters":      {with("Суроо {=а}", func(q *bank.Question) { q.Case = true }), true, "lost_case"},
		"letters":              {with("Суроо {=а}", func(q *bank.Question) { q.Letters = true }), true, "lost_letters"},
		"another order":        {with("Суроо {=а ~б}", func(q *bank.Question) { q.Shuffle = true }), true, "lost_shuffle"},
		"the length":           {with("Суроо {}", func(q *bank.Question) { q.Longest = 500 }), true, "lost_guide"},
		"difficulty":           {with("Суроо {}", func(q *bank.Question) { q.Difficulty = 2 }), true, "lost_source"},
		"a bracket in a tag":   {with("Суроо {T}", func(q *bank.Question) { q.Tags = []string{"а]"} }), true, "lost_mark"},
		"an arrow":             {with("Суроо {=а}", func(q *bank.Question) { q.Accepted[0].Value = "а->б" }), false, "lost_arrow"},
		"an arrow on the left": {with("С {=а->б =в->г}", func(q *bank.Question) { q.Pairs[0].Text = bank.Say(i18n.Kyrgyz, "а->в") }), false, "lost_arrow"},
		"any number for half":  {with("С {#1 ~}", func(q *bank.Question) { q.Accepted[1].Weight = bank.Whole / 2 }), false, "lost_weight"},
		"half true":            {with("С {T}", func(q *bank.Question) { q.Options[1].Weight = bank.Whole / 2 }), false, "lost_weight"},
		"a gap at the end":     {with("С {=а} б", func(q *bank.Question) { q.Text = bank.Say(i18n.Kyrgyz, "С [[1]]") }), true, "lost_gap"},
		"an order":             {with("С {=а ~б}", func(q *bank.Question) { q.Kind, q.Rule, q.Options[0].Weight = bank.Ordering, bank.All, 0 }), false, "lost_kind"},
	} {
		if err := c.q.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		file, lost := gift.Write([]bank.Question{c.q}, i18n.Kyrgyz)
		if len(lost) != 1 || lost[0].Fault.Key != "learning.file."+c.key || lost[0].Taken != c.taken || lost[0].Number != 1 {
			t.Errorf("%s: %v", name, lost)
		}
		if back := read(t, string(file)); len(back.Questions) == 1 != c.taken || len(back.Findings) > 0 {
			t.Errorf("%s: %d read back, %v\n%s", name, len(back.Questions), said(back), file)
		}
	}
}

// A reader that is not ours, gift-pegjs of npm, finds in what we write the same questions
// with the same answers.
func TestAReaderThatIsNotOursFindsTheSameAnswers(t *testing.T) {
	t.Parallel()
	questions := read(t, course).Questions
	hard := `%50% ~ = # { } : \ \n -> // [html] <b>`
	for i := range questions {
		questions[i].Text.Ky = strings.Replace(questions[i].Text.Ky, "?", " ~ = # { } : \\ ?", 1)
	}
	questions[0].Options[1].Text.Ky, questions[0].Options[1].Feedback.Ky, questions[0].Feedback.Ky, questions[0].Name = hard, "["+hard, hard, "a::"+hard
	questions[4].Accepted[1].Value = `[x] \*~`
	file, lost := gift.Write(questions, i18n.Kyrgyz)
	if len(lost) > 0 {
		t.Fatal(lost)
	}
	root, err := filepath.Abs("../../../../..")
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command("node", "--input-type=module", "-e", `
import { parse } from 'gift-pegjs';
let text = '';
for await (const part of process.stdin) text += part;
console.log(JSON.stringify(parse(text)));`)
	run.Dir, run.Stdin = root, strings.NewReader(string(file))
	out, err := run.Output()
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			t.Fatalf("gift-pegjs: %s\n%s", e.Stderr, file)
		}
		t.Fatal(err)
	}
	var theirs []their
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	theirs = slices.DeleteFunc(theirs, func(q their) bool { return q.Type == "Category" })
	if len(theirs) != len(questions) {
		t.Fatalf("they read %d of %d questions", len(theirs), len(questions))
	}
	for i, q := range questions {
		if diff := gocmp.Diff(asTheirs(q), theirs[i].plain()); diff != "" {
			t.Errorf("question %d, %s: %s", i+1, q.Kind, diff)
		}
	}
}

// their is a question as gift-pegjs gives it.
type their struct {
	Type, Title, ID string
	Tags            []string
	Stem            words
	Embedded        bool `json:"hasEmbeddedAnswers"`
	IsTrue          *bool
	True            *words `json:"trueFeedback"`
	False           *words `json:"falseFeedback"`
	Global          *words `json:"globalFeedback"`
	Choices         []struct {
		IsCorrect bool
		Weight    *float64
		Text      struct {
			words
			Number, Range, NumberLow, NumberHigh float64
		}
		Feedback *words
	}
	MatchPairs []struct {
		Subquestion words
		Subanswer   string
	}
}

type words struct{ Text string }

// answer is what both say of one.
type answer struct {
	Text, Feedback string
	Percent        float64
	Number, Range  float64
}

type read1 struct {
	Type, Title, ID, Stem, Feedback string
	Tags                            []string
	Answers                         []answer
}

func (w *words) said() string {
	if w == nil {
		return ""
	}
	return w.Text
}

// Their right sides of pairs keep the signs that stand for escaped characters.
var unsign = strings.NewReplacer("&&058;", ":", "&&035;", "#", "&&061;", "=", "&&123;", "{", "&&125;", "}", "&&126;", "~", "&&010", "\n", "&&092;", `\`)

func (q their) plain() read1 {
	out := read1{Type: q.Type, Title: q.Title, ID: q.ID, Stem: q.Stem.Text, Feedback: q.Global.said(), Tags: q.Tags}
	for _, c := range q.Choices {
		a := answer{Text: c.Text.Text, Feedback: c.Feedback.said(), Number: c.Text.Number, Range: c.Text.Range}
		switch {
		case c.Weight != nil:
			a.Percent = *c.Weight
		case c.IsCorrect:
			a.Percent = 100
		}
		out.Answers = append(out.Answers, a)
	}
	for _, p := range q.MatchPairs {
		out.Answers = append(out.Answers, answer{Text: p.Subquestion.Text, Feedback: unsign.Replace(p.Subanswer)})
	}
	if q.IsTrue != nil { // they call the first feedback, which is for who is wrong, the true one
		right, wrong := answer{Text: "true", Percent: 100, Feedback: q.False.said()}, answer{Text: "false", Feedback: q.True.said()}
		if !*q.IsTrue {
			right.Text, wrong.Text = "false", "true"
		}
		out.Answers = []answer{right, wrong}
	}
	return out
}

func asTheirs(q bank.Question) read1 {
	out := read1{Title: q.Name, ID: q.Ref, Stem: q.Text.Ky, Feedback: q.Feedback.Ky, Tags: q.Tags}
	part := q
	if q.Kind == bank.Gaps {
		g := q.Gaps[0]
		part = bank.Question{Kind: g.Kind, Options: g.Options, Accepted: g.Accepted}
		out.Stem = strings.Join(strings.Fields(strings.Replace(q.Text.Ky, "[[1]]", "_____", 1)), " ")
	}
	out.Type = map[bank.Kind]string{bank.Single: "MC", bank.Multiple: "MC", bank.TrueFalse: "TF", bank.Numeric: "Numerical", bank.Short: "Short", bank.Matching: "Matching", bank.Open: "Essay"}[part.Kind]
	percent := func(w bank.Weight) (p float64) {
		_ = json.Unmarshal([]byte(w.Percent()), &p)
		return p
	}
	for _, o := range part.Options {
		text := o.Text.Ky
		if q.Kind == bank.TrueFalse {
			text = o.ID
		}
		if q.Kind != bank.Matching {
			out.Answers = append(out.Answers, answer{Text: text, Feedback: o.Feedback.Ky, Percent: percent(o.Weight)})
		}
	}
	for _, a := range part.Accepted {
		one := answer{Feedback: a.Feedback.Ky, Percent: percent(a.Weight), Text: a.Value}
		if part.Kind == bank.Numeric && a.Value != "*" {
			one.Text = ""
			_ = json.Unmarshal([]byte(a.Value), &one.Number)
			_ = json.Unmarshal([]byte(cmp.Or(a.Tolerance, "0")), &one.Range)
		}
		out.Answers = append(out.Answers, one)
	}
	if q.Kind == bank.Matching {
		used := map[string]bool{}
		for _, p := range q.Pairs {
			i := slices.IndexFunc(q.Options, func(o bank.Option) bool { return o.ID == p.Right })
			out.Answers, used[p.Right] = append(out.Answers, answer{Text: p.Text.Ky, Feedback: q.Options[i].Text.Ky}), true
		}
		for _, o := range q.Options {
			if !used[o.ID] {
				out.Answers = append(out.Answers, answer{Feedback: o.Text.Ky})
			}
		}
	}
	return out
}

// Whatever can be read is whole, is written, and reads back the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(course))
	for _, seed := range []string{"a{=b ~c}d", "::x::[html]<p>a{~%50%b#c ~%50%d####e}", "a{#1..2#b=3:4~#c}", "{", "a{T#b#c}", "a{=b->c =d->e}\n\n$CATEGORY: x\n\n//[id:q][tag:r]\na{}", "\xff\xfe", "a{=\\~\\n\\\\ ~[plain]b}", "//[id:0[tag:0][tag:0]\n0{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := gift.Read(raw, i18n.Kyrgyz)
		if err != nil {
			return
		}
		for _, q := range r.Questions {
			if err := q.Validate(); err != nil {
				t.Fatalf("%v: %+v", err, q)
			}
		}
		file, lost := gift.Write(r.Questions, i18n.Kyrgyz)
		again, err := gift.Read(file, i18n.Kyrgyz)
		if err != nil || len(again.Findings) > 0 {
			t.Fatalf("%v %v\n%s", err, said(again), file)
		}
		if len(lost) > 0 {
			return
		}
		if diff := gocmp.Diff(r.Questions, again.Questions); diff != "" {
			t.Fatalf("%s\n%s", diff, file)
		}
	})
}
