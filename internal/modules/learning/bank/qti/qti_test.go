package qti_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/qti"
)

// item writes an item of version 2.2; declared stands in its declaration, body in its body.
func item(cardinality, base, declared, template, body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="ж1" title="Кеңеш" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="` + cardinality + `" baseType="` + base + `">` + declared + `</responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody>` + body + `</itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/` + template + `"/>
</assessmentItem>`
}

// of3 gives an item of version 2.2 the names of version 3.
var of3 = strings.NewReplacer(
	"imsqti_v2p2", "imsqtiasi_v3p0", "<assessmentItem", "<qti-assessment-item", "</assessmentItem", "</qti-assessment-item", "timeDependent", "time-dependent",
	"responseDeclaration", "qti-response-declaration", "baseType", "base-type", "<outcomeDeclaration", "<qti-outcome-declaration", "itemBody", "qti-item-body",
	"<responseProcessing", "<qti-response-processing", "correctResponse", "qti-correct-response", "<value", "<qti-value", "</value", "</qti-value",
	"<mapping", "<qti-mapping", "</mapping", "</qti-mapping", "defaultValue", "default-value", "lowerBound", "lower-bound", "upperBound", "upper-bound",
	"<mapEntry", "<qti-map-entry", "mapKey", "map-key", "mappedValue", "mapped-value", "caseSensitive", "case-sensitive",
	"choiceInteraction", "qti-choice-interaction", "responseIdentifier", "response-identifier", "maxChoices", "max-choices", "simpleChoice", "qti-simple-choice",
	"<prompt", "<qti-prompt", "</prompt", "</qti-prompt", "orderInteraction", "qti-order-interaction", "matchInteraction", "qti-match-interaction",
	"simpleMatchSet", "qti-simple-match-set", "simpleAssociableChoice", "qti-simple-associable-choice", "matchMax", "match-max",
	"<textEntryInteraction", "<qti-text-entry-interaction", "inlineChoiceInteraction", "qti-inline-choice-interaction", "inlineChoice>", "qti-inline-choice>", "<inlineChoice ", "<qti-inline-choice ",
	"<extendedTextInteraction", "<qti-extended-text-interaction", "feedbackInline", "qti-feedback-inline",
)

func correct(values ...string) string {
	return "<correctResponse><value>" + strings.Join(values, "</value><value>") + "</value></correctResponse>"
}

func mapping(attr string, pairs ...string) string {
	out := "<mapping " + attr + ">"
	for i := 0; i+1 < len(pairs); i += 2 {
		out += `<mapEntry mapKey="` + pairs[i] + `" mappedValue="` + pairs[i+1] + `"/>`
	}
	return out + "</mapping>"
}

const (
	choices = `<p>Мыйзамды <b>ким</b> кабыл алат?</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0"><prompt>Тандаңыз</prompt>` +
		`<simpleChoice identifier="A">Жогорку Кеңеш<feedbackInline identifier="A" outcomeIdentifier="F">ооба</feedbackInline></simpleChoice><simpleChoice identifier="B">Эл</simpleChoice><simpleChoice identifier="C">Сот</simpleChoice></choiceInteraction>`
	orders  = `<orderInteraction responseIdentifier="RESPONSE"><prompt>Тартиби</prompt><simpleChoice identifier="A">тандоо</simpleChoice><simpleChoice identifier="B">арыз</simpleChoice></orderInteraction>`
	matches = `<matchInteraction responseIdentifier="RESPONSE" shuffle="false"><prompt>Табыңыз</prompt>` +
		`<simpleMatchSet><simpleAssociableChoice identifier="K" matchMax="1">Кыргызстан</simpleAssociableChoice><simpleAssociableChoice identifier="Q" matchMax="1">Казакстан</simpleAssociableChoice></simpleMatchSet>` +
		`<simpleMatchSet><simpleAssociableChoice identifier="A" matchMax="1">Астана</simpleAssociableChoice><simpleAssociableChoice identifier="B" matchMax="1">Бишкек</simpleAssociableChoice><simpleAssociableChoice identifier="M" matchMax="1">Москва</simpleAssociableChoice></simpleMatchSet></matchInteraction>`
	typed  = `<p>Борбор – <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15"/> шаары.</p>`
	listed = `<p>Борбор – <inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="true"><inlineChoice identifier="B">Бишкек</inlineChoice><inlineChoice identifier="O">Ош</inlineChoice></inlineChoiceInteraction>.</p>`
)

func read(t testing.TB, raw string) bank.Read {
	t.Helper()
	r, err := qti.Read([]byte(raw), i18n.Kyrgyz)
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	return r
}

func said(r bank.Read) (out []string) {
	for _, f := range r.Findings {
		taken := ""
		if f.Taken {
			taken = "+"
		}
		key := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(f.Fault.Key, "learning.file."), "learning."), "fault.")
		for _, at := range f.Fault.Fields {
			key += " " + at.Field
		}
		out = append(out, taken+f.File+":"+strconv.Itoa(f.Line)+":"+strconv.Itoa(f.Column)+" "+key)
	}
	return out
}

func ky(text string) bank.Words { return bank.Say(i18n.Kyrgyz, text) }

func TestEachInteractionIsReadInBothVersions(t *testing.T) {
	t.Parallel()
	head := bank.Question{Language: i18n.Kyrgyz, Name: "Кеңеш", Ref: "ж1"}
	with := func(kind bank.Kind, text string, change func(*bank.Question)) bank.Question {
		q := head
		q.Kind, q.Text = kind, ky(text)
		change(&q)
		return q
	}
	asked := "Мыйзамды ким кабыл алат?\nТандаңыз"
	options := func(a, b, c bank.Weight) []bank.Option {
		return []bank.Option{{ID: "1", Text: ky("Жогорку Кеңеш"), Weight: a}, {ID: "2", Text: ky("Эл"), Weight: b}, {ID: "3", Text: ky("Сот"), Weight: c}}
	}
	paired := func(rule bank.Rule) func(*bank.Question) {
		return func(q *bank.Question) {
			q.Rule = rule
			q.Options = []bank.Option{{ID: "1", Text: ky("Астана")}, {ID: "2", Text: ky("Бишкек")}, {ID: "3", Text: ky("Москва")}}
			q.Pairs = []bank.Pair{{ID: "1", Text: ky("Кыргызстан"), Right: "2"}, {ID: "2", Text: ky("Казакстан"), Right: "1"}}
		}
	}
	gap := func(g bank.Gap) func(*bank.Question) {
		g.ID, g.Worth = "1", 1
		return func(q *bank.Question) { q.Gaps = []bank.Gap{g} }
	}
	for name, c := range map[string]struct {
		item string
		want bank.Question
		said []string
	}{
		"one choice": {item("single", "identifier", correct("A"), "match_correct", choices), with(bank.Single, asked, func(q *bank.Question) {
			q.Options, q.Shuffle = options(bank.Whole, 0, 0), true
		}), []string{"+:2:1 markup"}},
		"one choice, mapped": {item("single", "identifier", mapping(`defaultValue="0"`, "A", "2", "B", "1"), "map_response.xml", choices), with(bank.Single, asked, func(q *bank.Question) {
			q.Options, q.Shuffle = options(bank.Whole, bank.Whole/2, 0), true
		}), []string{"+:2:1 markup"}},
		"several choices": {item("multiple", "identifier", correct("A", "B"), "match_correct", choices), with(bank.Multiple, asked, func(q *bank.Question) {
			q.Options, q.Shuffle, q.Rule = options(bank.Whole/2, bank.Whole/2, 0), true, bank.All
		}), []string{"+:2:1 markup"}},
		"several choices, mapped": {item("multiple", "identifier", mapping(`lowerBound="0" upperBound="3" defaultValue="-1"`, "A", "2", "B", "1"), "map_response", choices), with(bank.Multiple, asked, func(q *bank.Question) {
			q.Options, q.Shuffle, q.Rule = options(2*bank.Share(3), bank.Share(3), -bank.Share(3)), true, bank.ByPart
		}), []string{"+:2:1 markup"}},
		"an order": {item("ordered", "identifier", correct("B", "A"), "match_correct", orders), with(bank.Ordering, "Тартиби", func(q *bank.Question) {
			q.Options, q.Rule = []bank.Option{{ID: "2", Text: ky("арыз")}, {ID: "1", Text: ky("тандоо")}}, bank.All
		}), nil},
		"pairs":         {item("multiple", "directedPair", correct("K B", "Q A"), "match_correct", matches), with(bank.Matching, "Табыңыз", paired(bank.All)), nil},
		"pairs, mapped": {item("multiple", "directedPair", mapping(`defaultValue="0"`, "K B", "1", "Q A", "1", "K M", "0"), "map_response", matches), with(bank.Matching, "Табыңыз", paired(bank.ByPart)), nil},
		"a text": {item("single", "string", correct("5* Бишкек"), "match_correct", typed), with(bank.Gaps, "Борбор – [[1]] шаары.", gap(bank.Gap{
			Kind: bank.Short, Case: true, Accepted: []bank.Accepted{{Value: `5\* Бишкек`, Weight: bank.Whole}},
		})), nil},
		"a text, mapped": {item("single", "string", strings.ReplaceAll(mapping("", "Бишкек", "1", "Фрунзе", "0.5"), "/>", ` caseSensitive="false"/>`), "map_response", typed), with(bank.Gaps, "Борбор – [[1]] шаары.", gap(bank.Gap{
			Kind: bank.Short, Accepted: []bank.Accepted{{Value: "Бишкек", Weight: bank.Whole}, {Value: "Фрунзе", Weight: bank.Whole / 2}},
		})), nil},
		"a number": {item("single", "float", correct("7.50"), "match_correct", typed), with(bank.Gaps, "Борбор – [[1]] шаары.", gap(bank.Gap{
			Kind: bank.Numeric, Accepted: []bank.Accepted{{Value: "7.5", Weight: bank.Whole}},
		})), nil},
		"a choice in a text": {item("single", "identifier", correct("B"), "match_correct", listed), with(bank.Gaps, "Борбор – [[1]].", func(q *bank.Question) {
			gap(bank.Gap{Kind: bank.Single, Options: []bank.Option{{ID: "1", Text: ky("Бишкек"), Weight: bank.Whole}, {ID: "2", Text: ky("Ош")}}})(q)
			q.Shuffle = true
		}), nil},
		"an essay": {item("single", "string", "", "", `<p>Эмне үчүн?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>`), with(bank.Open, "Эмне үчүн?", func(*bank.Question) {}), nil},
	} {
		for version, text := range map[string]string{"2.2": c.item, "3": of3.Replace(c.item)} {
			r := read(t, text)
			if got := said(r); !slices.Equal(got, c.said) {
				t.Errorf("%s, version %s: %v, want %v", name, version, got, c.said)
			}
			if len(r.Questions) != 1 {
				t.Errorf("%s, version %s: not read", name, version)
			} else if diff := cmp.Diff(c.want, r.Questions[0]); diff != "" {
				t.Errorf("%s, version %s: %s", name, version, diff)
			}
		}
	}
}

// rules puts rules of its own into an item, for a response of another name.
func rules(t *testing.T, item, written string) string {
	t.Helper()
	begin, end := strings.Index(item, "<responseProcessing"), strings.Index(item, "</assessmentItem>")
	if begin < 0 || end < begin {
		t.Fatal("no rules stand there")
	}
	return strings.ReplaceAll(item[:begin], "RESPONSE", "R1") + "<responseProcessing>" + written + "</responseProcessing>" + item[end:]
}

func TestATemplateThatIsWrittenOutIsUnderstoodAndNothingElse(t *testing.T) {
	t.Parallel()
	const (
		right = `<responseCondition><responseIf><match><variable identifier="R1"/><correct identifier="R1"/></match><setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue></responseIf>
			<responseElse><setOutcomeValue identifier="SCORE"><baseValue baseType="float">0.0</baseValue></setOutcomeValue></responseElse></responseCondition>`
		summed = `<responseCondition><responseIf><isNull><variable identifier="R1"/></isNull><setOutcomeValue identifier="SCORE"><baseValue baseType="float">0</baseValue></setOutcomeValue></responseIf>
			<responseElse><setOutcomeValue identifier="SCORE"><mapResponse identifier="R1"/></setOutcomeValue></responseElse></responseCondition>`
	)
	correct := item("multiple", "identifier", correct("A", "B"), "match_correct", orderless())
	mapped := item("multiple", "identifier", mapping(`lowerBound="0"`, "A", "1", "B", "1"), "map_response", orderless())
	for name, c := range map[string]struct {
		item, rules string
		rule        bank.Rule
		said        []string
	}{
		"all or nothing":          {correct, right, bank.All, nil},
		"a sum":                   {mapped, summed, bank.ByPart, nil},
		"with a feedback":         {correct, right + `<setOutcomeValue identifier="FEEDBACK"><variable identifier="R1"/></setOutcomeValue></responseProcessing><modalFeedback/><responseProcessing>`, bank.All, []string{"+:2:1 lost_hints"}},
		"worth nothing":           {correct, strings.Replace(right, ">2<", ">0<", 1), "", []string{":6:1 processing"}},
		"less than nothing":       {correct, strings.Replace(right, ">0.0<", ">-1<", 1), "", []string{":6:1 processing"}},
		"of another response":     {correct, strings.ReplaceAll(right, "R1", "R2"), "", []string{":6:1 processing"}},
		"two conditions":          {correct, right + right, "", []string{":6:1 processing"}},
		"a score that is changed": {correct, right + `<setOutcomeValue identifier="SCORE"><baseValue>1</baseValue></setOutcomeValue>`, "", []string{":6:1 processing"}},
		"nothing":                 {correct, "", "", []string{":6:1 processing"}},
	} {
		r := read(t, rules(t, c.item, c.rules))
		if got := said(r); !slices.Equal(got, c.said) || (len(r.Questions) == 1) != (c.rule != "") {
			t.Errorf("%s: %d questions, %v", name, len(r.Questions), got)
		} else if c.rule != "" && r.Questions[0].Rule != c.rule {
			t.Errorf("%s: %s", name, r.Questions[0].Rule)
		}
	}
}

func TestALongManifestIsRead(t *testing.T) {
	t.Parallel()
	good := item("single", "identifier", correct("A"), "match_correct", orderless())
	described := strings.Replace(manifest("a.xml"), "<organizations/>", "<metadata>"+strings.Repeat("<lom><a/></lom>", 40_000)+"</metadata>", 1)
	if r := read(t, files(t, "imsmanifest.xml", described, "a.xml", good)); len(r.Questions) != 1 {
		t.Errorf("not read: %v", said(r))
	}
	_, err := qti.Read([]byte("<assessmentItem><a>"+strings.Repeat("<b/>", 50_000)+"</a></assessmentItem>"), i18n.Kyrgyz)
	if f, ok := err.(bank.Finding); !ok || f.Fault.Key != "learning.file.too_deep" {
		t.Errorf("a large item: %v", err)
	}
}

func TestWhatIsNotUnderstoodIsNamedAndNotGuessed(t *testing.T) {
	t.Parallel()
	good := item("single", "identifier", correct("A"), "match_correct", strings.ReplaceAll(choices, "<b>ким</b>", "ким"))
	with := func(old, put string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s is not there", old)
		}
		return strings.Replace(good, old, put, 1)
	}
	for name, c := range map[string]struct{ item, want string }{
		"rules of its own":          {with(`template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"`, ""), ":6:1 processing"},
		"another template":          {with("match_correct", "map_response_point"), ":6:1 processing"},
		"no rules":                  {with(`<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/>`, ""), ":2:1 processing"},
		"another response":          {strings.ReplaceAll(good, "RESPONSE", "R1"), ":6:1 processing"},
		"no declaration":            {with(`identifier="RESPONSE" c`, `identifier="OTHER" c`), ":5:42 undeclared"},
		"no right answer":           {with(correct("A"), ""), ":3:1 no_correct"},
		"no mapping":                {with("match_correct", "map_response"), ":3:1 no_correct"},
		"a right answer of nothing": {with(correct("A"), correct("Z")), ":3:1 identifier"},
		"an identifier twice":       {with(`identifier="B"`, `identifier="A"`), ":5:277 identifier"},
		"adaptive":                  {with(`adaptive="false"`, `adaptive="true"`), ":2:1 adaptive"},
		"two tasks":                 {with("</itemBody>", orders+"</itemBody>"), ":5:390 several"},
		"another task":              {item("single", "point", correct("1 2"), "match_correct", `<hotspotInteraction responseIdentifier="RESPONSE"/>`), ":5:11 kind"},
		"no task":                   {item("single", "identifier", correct("A"), "match_correct", "<p>Сөз</p>"), ":5:1 no_question"},
		"an order of some":          {item("ordered", "identifier", correct("A"), "match_correct", orders), ":3:1 order"},
		"a mapped order":            {item("ordered", "identifier", mapping("", "A", "1"), "map_response", orders), ":3:1 order"},
		"a row with two pairs":      {item("multiple", "directedPair", correct("K B", "K A"), "match_correct", matches), ":3:1 match"},
		"a row without one":         {item("multiple", "directedPair", correct("K B"), "match_correct", matches), ":3:1 match"},
		"a pair turned around":      {item("multiple", "directedPair", correct("B K", "Q A"), "match_correct", matches), ":3:1 match"},
		"pairs of other worth":      {item("multiple", "directedPair", mapping("", "K B", "1", "Q A", "2"), "map_response", matches), ":3:1 bounds"},
		"a bound below the sum":     {item("multiple", "identifier", mapping(`lowerBound="0" upperBound="1"`, "A", "1", "B", "1"), "map_response", choices), ":3:89 bounds"},
		"no number":                 {item("multiple", "identifier", mapping("", "A", "көп"), "map_response", choices), ":3:99 number"},
		"nothing right":             {item("single", "identifier", mapping("", "A", "0"), "map_response", choices), ":3:87 one_right"},
		"several typed":             {item("multiple", "string", correct("а"), "match_correct", typed), ":3:1 cardinality"},
		"a typed identifier":        {item("single", "identifier", correct("а"), "match_correct", typed), ":3:1 cardinality"},
		"a typed word for a number": {item("single", "integer", correct("жети"), "match_correct", typed), ":3:1 number"},
		"capitals for some":         {item("single", "string", strings.Replace(mapping("", "а", "1", "б", "1"), "/>", ` caseSensitive="false"/>`, 1), "map_response", typed), ":3:1 case_mixed"},
	} {
		r := read(t, c.item)
		if got := said(r); len(r.Questions) > 0 || !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
	for name, c := range map[string]struct{ item, want string }{
		"below nothing":         {item("multiple", "identifier", mapping(`defaultValue="-1"`, "A", "1"), "map_response", orderless()), "+:2:1 lost_below"},
		"at most two":           {item("multiple", "identifier", correct("A"), "match_correct", strings.Replace(orderless(), `"0"`, `"2"`, 1)), "+:2:1 lost_limit"},
		"capitals are not said": {item("single", "string", mapping("", "а", "1"), "map_response", typed), "+:2:1 case_unsaid"},
		"feedback":              {strings.Replace(item("multiple", "identifier", correct("A"), "match_correct", orderless()), "</assessmentItem>", "<modalFeedback><p>а</p></modalFeedback></assessmentItem>", 1), "+:2:1 lost_hints"},
	} {
		r := read(t, c.item)
		if got := said(r); len(r.Questions) != 1 || !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// orderless is a choice in which nothing is lost.
func orderless() string {
	return strings.NewReplacer("<b>", "", "</b>", "", `<feedbackInline identifier="A" outcomeIdentifier="F">ооба</feedbackInline>`, "").Replace(choices)
}

// files writes a package: pairs of a name and a text.
func files(t testing.TB, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err == nil {
			_, err = w.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func manifest(hrefs ...string) string {
	out := `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><organizations/><resources>`
	for _, href := range hrefs {
		out += "\n" + `<resource identifier="r" type="imsqti_item_xmlv2p2" href="` + href + `"><file href="` + href + `"/></resource>`
	}
	return out + "</resources></manifest>"
}

func TestThePackageIsReadInTheOrderOfItsManifest(t *testing.T) {
	t.Parallel()
	first := item("multiple", "identifier", correct("A"), "match_correct", orderless())
	second := of3.Replace(item("single", "identifier", correct("B"), "match_correct", listed))
	list := strings.Replace(manifest("b/экинчи%201.xml", "a.xml", "жок.xml", "../a.xml", "broken.xml", "other.xml", "own.xml"), "<resources>", `<resources><resource type="imsqti_test_xmlv2p2" href="test.xml"/><resource type="webcontent" href="герб.png"/>`, 1)
	r := read(t, files(t, "imsmanifest.xml", list, "a.xml", first, "b/экинчи 1.xml", second, "broken.xml", "<assessmentItem>\n<а>", "other.xml", "<survey/>", "own.xml", strings.Replace(first, "rptemplates/match_correct", "x", 1)))
	if len(r.Questions) != 2 || r.Questions[0].Kind != bank.Gaps || r.Questions[1].Kind != bank.Multiple {
		t.Errorf("questions: %+v", r.Questions)
	}
	want := []string{
		"imsmanifest.xml:1:86 element", "imsmanifest.xml:4:1 missing", "imsmanifest.xml:5:1 missing", "broken.xml:2:4 not_well_formed", "other.xml:1:1 not_qti", "own.xml:6:1 processing",
	}
	if got := said(r); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAPackageThatIsAnAttackIsRefused(t *testing.T) {
	t.Parallel()
	good := item("single", "identifier", correct("A"), "match_correct", orderless())
	large := strings.Repeat(" ", bank.LargestFile+1)
	var filled []string
	for i := range 6 {
		filled = append(filled, fmt.Sprintf("%d.xml", i), strings.Repeat(" ", bank.LargestFile-len(good))+good)
	}
	names := []string{}
	for i := 0; i < len(filled); i += 2 {
		names = append(names, filled[i])
	}
	many := []string{}
	for i := range qti.MostFiles + 1 {
		many = append(many, strconv.Itoa(i), "")
	}
	for name, c := range map[string]struct{ raw, want string }{
		"not a zip":                {"PK\x03\x04", "not_zip"},
		"too large":                {"PK" + strings.Repeat(" ", qti.LargestPackage), "too_large"},
		"a way out":                {files(t, "imsmanifest.xml", manifest(), "../../etc/a.xml", good), "path"},
		"a way from the root":      {files(t, "imsmanifest.xml", manifest(), "/a.xml", good), "path"},
		"a way of Windows":         {files(t, "imsmanifest.xml", manifest(), `..\a.xml`, good), "path"},
		"a name twice":             {files(t, "imsmanifest.xml", manifest(), "a.xml", good, "a.xml", good), "path_twice"},
		"no manifest":              {files(t, "a.xml", good), "missing"},
		"a manifest with entities": {files(t, "imsmanifest.xml", "<!DOCTYPE a><manifest/>"), "document_type"},
		"an empty manifest":        {files(t, "imsmanifest.xml", manifest()), "no_items"},
		"a bomb":                   {files(t, "imsmanifest.xml", manifest("a.xml"), "a.xml", large), "too_large"},
		"many bombs":               {files(t, append(filled, "imsmanifest.xml", manifest(names...))...), "too_large"},
		"too many files":           {files(t, many...), "too_many_files"},
	} {
		_, err := qti.Read([]byte(c.raw), i18n.Kyrgyz)
		if f, ok := err.(bank.Finding); !ok || f.Fault.Key != "learning.file."+c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		raw          string
		key          string
		line, column int
	}{
		"not well-formed":  {"<assessmentItem>\n <а></б>", "not_well_formed", 2, 9},
		"another document": {"<quiz></quiz>", "not_qti", 1, 1},
		"an old encoding":  {"<assessmentItem>\n\xd1\xf2\xee", "encoding", 2, 1},
	} {
		_, err := qti.Read([]byte(c.raw), i18n.Kyrgyz)
		if f, ok := err.(bank.Finding); !ok || f.Fault.Key != "learning.file."+c.key || f.Line != c.line || f.Column != c.column {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever can be read is whole.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		item("multiple", "identifier", mapping(`lowerBound="0" defaultValue="-1"`, "A", "2", "B", "1"), "map_response", choices), item("ordered", "identifier", correct("B", "A"), "match_correct", orders),
		item("multiple", "directedPair", correct("K B", "Q A"), "match_correct", matches), of3.Replace(item("single", "float", correct("7.50"), "match_correct", typed)), item("single", "identifier", correct("B"), "match_correct", listed),
		files(f, "imsmanifest.xml", manifest("a.xml"), "a.xml", item("single", "identifier", correct("A"), "match_correct", choices)),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := qti.Read(raw, i18n.Kyrgyz)
		if err == nil && len(r.Questions)+len(r.Findings) == 0 {
			t.Fatal("nothing was read, and nothing said of it")
		}
		for _, q := range r.Questions {
			if err := q.Validate(); err != nil {
				t.Fatalf("%v: %+v", err, q)
			}
		}
	})
}
