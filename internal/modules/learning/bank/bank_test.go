package bank_test

import (
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/banktest"
)

const whole = int64(bank.Whole)

func option(id, text string, w bank.Weight) bank.Option {
	return bank.Option{ID: id, Text: bank.Say(i18n.Kyrgyz, text), Weight: w}
}

func asking(kind bank.Kind) bank.Question {
	return bank.Question{Kind: kind, Language: i18n.Kyrgyz, Text: bank.Say(i18n.Kyrgyz, "Шайлоо качан өтөт?")}
}

func single() bank.Question {
	q := asking(bank.Single)
	q.Options = []bank.Option{option("1", "2025", bank.Whole), option("2", "2026", 0), option("3", "2027", bank.Whole/2)}
	return q
}

func multiple(rule bank.Rule, wrong bank.Weight) bank.Question {
	q := asking(bank.Multiple)
	q.Rule = rule
	q.Options = []bank.Option{option("1", "а", bank.Share(3)), option("2", "б", bank.Share(3)), option("3", "в", bank.Share(3)), option("4", "г", wrong)}
	return q
}

func numeric() bank.Question {
	q := asking(bank.Numeric)
	q.Accepted = []bank.Accepted{{Value: "120", Weight: bank.Whole}, {Value: "120", Tolerance: "5.5", Weight: bank.Share(3)}, {Value: "*"}}
	return q
}

func short() bank.Question {
	q := asking(bank.Short)
	q.Accepted = []bank.Accepted{{Value: "Жогорку Кеңеш", Weight: bank.Whole}, {Value: "*кеңеш*", Weight: bank.Share(4)}, {Value: `5\**`, Weight: bank.Share(2)}}
	return q
}

func matching(rule bank.Rule) bank.Question {
	q := asking(bank.Matching)
	q.Rule = rule
	q.Options = []bank.Option{option("a", "Бишкек", 0), option("b", "Париж", 0), option("c", "Рим", 0)}
	q.Pairs = []bank.Pair{{ID: "1", Text: bank.Say(i18n.Kyrgyz, "Кыргызстан"), Right: "a"}, {ID: "2", Text: bank.Say(i18n.Kyrgyz, "Франция"), Right: "b"}, {ID: "3", Text: bank.Say(i18n.Kyrgyz, "Корсика"), Right: "b"}}
	return q
}

func ordering(rule bank.Rule) bank.Question {
	q := asking(bank.Ordering)
	q.Rule = rule
	q.Options = []bank.Option{option("1", "арыз", 0), option("2", "тандоо", 0), option("3", "катышуу", 0)}
	return q
}

func gaps() bank.Question {
	q := asking(bank.Gaps)
	q.Text = bank.Say(i18n.Kyrgyz, "Борбору [[1]], [[2]] облус, [[3]].")
	q.Gaps = []bank.Gap{
		{ID: "1", Kind: bank.Short, Worth: 1, Accepted: []bank.Accepted{{Value: "Бишкек", Weight: bank.Whole}}},
		{ID: "2", Kind: bank.Numeric, Worth: 2, Accepted: []bank.Accepted{{Value: "7", Weight: bank.Whole}}},
		{ID: "3", Kind: bank.Single, Worth: 1, Options: []bank.Option{option("x", "ооба", bank.Whole), option("y", "жок", bank.Share(3))}},
	}
	return q
}

func scale() bank.Question {
	q := asking(bank.Scale)
	q.Steps = 5
	return q
}

// ofEach gives a whole question of every kind.
func ofEach() []bank.Question {
	yes := asking(bank.TrueFalse)
	yes.Options = []bank.Option{{ID: bank.TrueID}, {ID: bank.FalseID, Weight: bank.Whole}}
	return []bank.Question{single(), multiple(bank.All, 0), multiple(bank.ByPart, -bank.Share(3)), yes, numeric(), short(), matching(bank.All), ordering(bank.ByPart), gaps(), scale(), asking(bank.Open)}
}

func chosen(ids ...string) bank.Answer       { return bank.Answer{Chosen: ids} }
func text(s string) bank.Answer              { return bank.Answer{Text: s} }
func parts(of map[string]string) bank.Answer { return bank.Answer{Parts: of} }

func TestEachKindIsMarkedByItsFormula(t *testing.T) {
	t.Parallel()
	folded := short()
	folded.Letters = true
	cased := short()
	cased.Case = true
	third, quarter := int64(bank.Share(3)), int64(bank.Share(4))
	for name, c := range map[string]struct {
		q          bank.Question
		a          bank.Answer
		points, of int64
	}{
		"the right one":                  {single(), chosen("1"), whole, whole},
		"half right":                     {single(), chosen("3"), whole / 2, whole},
		"the wrong one":                  {single(), chosen("2"), 0, whole},
		"two of one":                     {single(), chosen("1", "3"), 0, whole},
		"nothing":                        {single(), bank.Answer{}, 0, whole},
		"an option that is not there":    {single(), chosen("9"), 0, whole},
		"all of all":                     {multiple(bank.All, 0), chosen("3", "1", "2"), 1, 1},
		"all with one more":              {multiple(bank.All, 0), chosen("1", "2", "3", "4"), 0, 1},
		"all but one":                    {multiple(bank.All, 0), chosen("1", "2"), 0, 1},
		"one twice":                      {multiple(bank.ByPart, 0), chosen("1", "1"), third, whole},
		"everything without a deduction": {multiple(bank.ByPart, 0), chosen("1", "2", "3", "4"), whole, whole},
		"everything with a deduction":    {multiple(bank.ByPart, -bank.Share(3)), chosen("1", "2", "3", "4"), 2 * third, whole},
		"never below nothing":            {multiple(bank.ByPart, -bank.Share(3)), chosen("4"), 0, whole},
		"a tick that is not there":       {multiple(bank.ByPart, 0), chosen("1", "9"), 0, whole},
		"a number":                       {numeric(), text("120,0"), whole, whole},
		"a number with thousands":        {numeric(), text(" 1 20 "), whole, whole},
		"at the end of a range":          {numeric(), text("125.5"), third, whole},
		"beyond a range":                 {numeric(), text("125.500000000000000000000000001"), 0, whole},
		"no number":                      {numeric(), text("жүз жыйырма"), 0, whole},
		"a number beyond all bounds":     {numeric(), text("1e99"), 0, whole},
		"a text in other letters":        {short(), text("  ЖОГОРКУ   кеңеш "), whole, whole},
		"a text on a Russian keyboard":   {short(), text("Жогорку Кенеш"), 0, whole},
		"the same, allowed":              {folded, text("Жогорку Кенеш"), whole, whole},
		"another case, forbidden":        {cased, text("жогорку кеңеш"), quarter, whole},
		"a run of characters":            {short(), text("шаардык кеңештин"), quarter, whole},
		"a star":                         {short(), text("5* жана 6"), whole / 2, whole},
		"no star":                        {short(), text("55"), 0, whole},
		"not a word":                     {short(), text(" \u200b"), 0, whole},
		"the longest answer":             {short(), text("кеңеш" + strings.Repeat("ө", bank.LongestTyped-5)), quarter, whole},
		"a longer answer":                {short(), text("кеңеш" + strings.Repeat("ө", bank.LongestTyped-4)), 0, whole},
		"pairs all":                      {matching(bank.All), parts(map[string]string{"1": "a", "2": "b", "3": "b"}), 1, 1},
		"pairs not all":                  {matching(bank.All), parts(map[string]string{"1": "a", "2": "b", "3": "c"}), 0, 1},
		"pairs by part":                  {matching(bank.ByPart), parts(map[string]string{"1": "a", "2": "a", "3": "b", "9": "a"}), 2, 3},
		"in order":                       {ordering(bank.All), chosen("1", "2", "3"), 1, 1},
		"out of order":                   {ordering(bank.All), chosen("1", "3", "2"), 0, 1},
		"places":                         {ordering(bank.ByPart), chosen("1", "3", "2"), 1, 3},
		"not all items":                  {ordering(bank.ByPart), chosen("1", "2"), 0, 3},
		"an item twice":                  {ordering(bank.ByPart), chosen("1", "2", "2"), 0, 3},
		"gaps":                           {gaps(), parts(map[string]string{"1": "бишкек", "2": "8", "3": "y"}), whole + third, 4 * whole},
		"a step":                         {scale(), text("5"), 0, 0},
		"an essay":                       {asking(bank.Open), text("Менимче…"), 0, 0},
	} {
		if err := c.q.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if points, of := bank.Mark(c.q, c.a); points != c.points || of != c.of {
			t.Errorf("%s: %d of %d, want %d of %d", name, points, of, c.points, c.of)
		}
	}
}

func TestWhatAFileCallsAThirdIsAThird(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bank.Weight{
		"100": bank.Whole, "0": 0, "-0": 0, "50": bank.Whole / 2, "33.33333": bank.Share(3), "33.33": bank.Share(3), "-33.333": -bank.Share(3), "66.66667": 2 * bank.Share(3),
		"66.66666": 2 * bank.Share(3), "16.666667": bank.Share(6), "14.28571": bank.Share(7), "5.2632": bank.Share(19), "12,5": bank.Share(8), "33": 33 * (bank.Whole / 100), "33.3": 333 * (bank.Whole / 1000), "12.34567": bank.Whole / 10_000_000 * 1234567, "7.": 7 * (bank.Whole / 100),
	} {
		if got, ok := bank.Percent(text); !ok || got != want {
			t.Errorf("%s is %d, want %d", text, got, want)
		}
	}
	for _, text := range []string{"", "%", "100.1", "-101", "1e1", "0x1", "12.3456789", "1.2.3", strings.Repeat("9", 40)} {
		if got, ok := bank.Percent(text); ok {
			t.Errorf("%s is taken for %d", text, got)
		}
	}
	for parts := 1; parts <= 20; parts++ {
		if bank.Share(parts)*bank.Weight(parts) != bank.Whole {
			t.Errorf("%d shares are not the whole", parts)
		}
		for n := range parts + 1 {
			w := bank.Share(parts) * bank.Weight(n)
			if again, ok := bank.Percent(w.Percent()); !ok || again != w {
				t.Errorf("%d of %d is written %s and read %d", n, parts, w.Percent(), again)
			}
		}
	}
}

func TestRangesAreExact(t *testing.T) {
	t.Parallel()
	for _, c := range [][4]string{{"1", "2", "1.5", "0.5"}, {"2", "1", "1.5", "0.5"}, {"-0.3", "0.3", "0", "0.3"}, {"1e3", "1e3", "1000", "0"}, {"−1", "0,1", "-0.45", "0.55"}} {
		if value, off, ok := bank.Between(c[0], c[1]); !ok || value != c[2] || off != c[3] {
			t.Errorf("%s to %s: %s ± %s", c[0], c[1], value, off)
		}
	}
	for _, bad := range []string{"", ".", "1e31", "--1", "1/3", "NaN", "Inf", "0x10", "1_000", strings.Repeat("1", 31)} {
		if kept, ok := bank.Decimal(bad); ok {
			t.Errorf("%s is taken for %s", bad, kept)
		}
	}
}

func TestEveryMarkLiesBetweenNothingAndEverythingAndTheRightAnswerIsWorthEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := banktest.Question(t, i18n.Russian, bank.Kinds[:]...)
		if err := q.Tidy().Validate(); err != nil {
			t.Skip("two texts that fold into one")
		}
		q = q.Tidy()
		_, of := bank.Mark(q, bank.Answer{})
		judge := func(a bank.Answer) (int64, int64) {
			points, all := bank.Mark(q, a)
			if points < 0 || points > all || all != of {
				t.Fatalf("%d of %d, where %d are all: %+v", points, all, of, a)
			}
			return points, all
		}
		if points, all := judge(bank.Right(q)); points != all {
			t.Fatalf("the right answer is worth %d of %d", points, all)
		}
		ids := []string{"?", bank.TrueID, bank.FalseID}
		for i := range q.Options {
			ids = append(ids, q.Options[i].ID)
		}
		a := bank.Answer{Chosen: rapid.SliceOf(rapid.SampledFrom(ids)).Draw(t, "chosen"), Text: banktest.Text(t, "answer", true), Parts: map[string]string{}}
		for _, p := range []string{"1", "2", "3", "9"} {
			a.Parts[p] = rapid.SampledFrom(append(ids, a.Text)).Draw(t, "part")
		}
		points, _ := judge(a)
		if q.Kind == bank.Ordering {
			return // there the order of the options is the answer
		}
		mixed := q
		mixed.Options, mixed.Pairs, mixed.Gaps = rapid.Permutation(q.Options).Draw(t, "options"), rapid.Permutation(q.Pairs).Draw(t, "pairs"), rapid.Permutation(q.Gaps).Draw(t, "gaps")
		a.Chosen = rapid.Permutation(a.Chosen).Draw(t, "order")
		if again, _ := bank.Mark(mixed, a); again != points {
			t.Fatalf("in another order %d, before %d", again, points)
		}
	})
}

func TestTheMarkOfMultipleChoiceIsTheSumOfItsWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := banktest.Question(t, i18n.Kyrgyz, bank.Multiple)
		q.Rule = bank.ByPart
		want := new(big.Rat)
		var a bank.Answer
		for _, o := range q.Options {
			if rapid.Bool().Draw(t, "tick") {
				a.Chosen = append(a.Chosen, o.ID)
				want.Add(want, big.NewRat(int64(o.Weight), whole))
			}
		}
		if want.Sign() < 0 {
			want.SetInt64(0)
		}
		points, of := bank.Mark(q, a)
		if big.NewRat(points, of).Cmp(want) != 0 {
			t.Fatalf("%d of %d, want %s", points, of, want)
		}
	})
}

// at gives the wrong fields of a question.
func at(q bank.Question) []string {
	err := q.Validate()
	if err == nil {
		return nil
	}
	return fault.Of(err).FieldNames()
}

func TestAQuestionThatIsNotWholeIsRefusedAtItsFields(t *testing.T) {
	t.Parallel()
	for _, q := range ofEach() {
		if wrong := at(q); wrong != nil {
			t.Errorf("%s: %v", q.Kind, wrong)
		}
	}
	long := func(n int) bank.Words { return bank.Say(i18n.Kyrgyz, strings.Repeat("ө", n)) }
	with := func(q bank.Question, change func(*bank.Question)) bank.Question {
		change(&q)
		return q
	}
	many := func(n int) (out []bank.Option) {
		for i := range n {
			out = append(out, option("o"+strconv.Itoa(i), strings.Repeat("б", i+1), 0))
		}
		out[0].Weight = bank.Whole
		return out
	}
	for name, c := range map[string]struct {
		q     bank.Question
		wrong []string
	}{
		"no language":              {with(single(), func(q *bank.Question) { q.Language = "kk" }), []string{"language"}},
		"no kind":                  {with(single(), func(q *bank.Question) { q.Kind = "riddle" }), []string{"kind"}},
		"no text":                  {with(single(), func(q *bank.Question) { q.Text = bank.Words{} }), []string{"text_ky"}},
		"no text in the source":    {with(single(), func(q *bank.Question) { q.Text = bank.Say(i18n.Russian, "Когда?") }), []string{"text_ky"}},
		"the longest text":         {with(single(), func(q *bank.Question) { q.Text = long(bank.LongestText) }), nil},
		"a longer one":             {with(single(), func(q *bank.Question) { q.Text = long(bank.LongestText + 1) }), []string{"text_ky"}},
		"the longest option":       {with(single(), func(q *bank.Question) { q.Options[0].Text = long(bank.LongestOption) }), nil},
		"a longer option":          {with(single(), func(q *bank.Question) { q.Options[0].Text = long(bank.LongestOption + 1) }), []string{"option_1_ky"}},
		"a longer feedback":        {with(single(), func(q *bank.Question) { q.Options[1].Feedback = long(bank.LongestFeedback + 1) }), []string{"option_2_feedback_ky"}},
		"a word that is turned":    {with(single(), func(q *bank.Question) { q.Text = bank.Say(i18n.Kyrgyz, "шай\u202eлоо") }), []string{"text_ky"}},
		"what is not seen":         {with(single(), func(q *bank.Question) { q.Name = "а\u200bб" }), []string{"name"}},
		"one option":               {with(single(), func(q *bank.Question) { q.Options = q.Options[:1] }), []string{"options"}},
		"the most options":         {with(single(), func(q *bank.Question) { q.Options = many(bank.MostOptions) }), nil},
		"more options":             {with(single(), func(q *bank.Question) { q.Options = many(bank.MostOptions + 1) }), []string{"options"}},
		"an id twice":              {with(single(), func(q *bank.Question) { q.Options[1].ID = "1" }), []string{"options"}},
		"words twice":              {with(single(), func(q *bank.Question) { q.Options[1].Text = q.Options[0].Text }), []string{"option_2_ky"}},
		"none right":               {with(single(), func(q *bank.Question) { q.Options[0].Weight = bank.Whole - 1 }), []string{"weights"}},
		"a weight beyond":          {with(single(), func(q *bank.Question) { q.Options[1].Weight = -bank.Whole - 1 }), []string{"option_2"}},
		"parts that are not all":   {with(multiple(bank.ByPart, 0), func(q *bank.Question) { q.Options[0].Weight-- }), []string{"weights"}},
		"no rule":                  {with(multiple("", 0), func(*bank.Question) {}), []string{"rule"}},
		"a rule that is foreign":   {with(single(), func(q *bank.Question) { q.Rule = bank.All }), []string{"rule"}},
		"pairs that are foreign":   {with(single(), func(q *bank.Question) { q.Pairs = matching(bank.All).Pairs }), []string{"pairs"}},
		"other words than true":    {with(ofEach()[3], func(q *bank.Question) { q.Options[0].Text = bank.Say(i18n.Kyrgyz, "ооба") }), []string{"options"}},
		"no number":                {with(numeric(), func(q *bank.Question) { q.Accepted[1].Value = "1,5" }), []string{"accepted_2"}},
		"no tolerance":             {with(numeric(), func(q *bank.Question) { q.Accepted[1].Tolerance = "-1" }), []string{"accepted_2_tolerance"}},
		"nothing accepted":         {with(short(), func(q *bank.Question) { q.Accepted = nil }), []string{"accepted", "weights"}},
		"the right one is hidden":  {with(short(), func(q *bank.Question) { q.Accepted = slices.Insert(q.Accepted, 0, bank.Accepted{Value: "*"}) }), []string{"accepted"}},
		"a longer accepted answer": {with(short(), func(q *bank.Question) { q.Accepted[1].Value = strings.Repeat("а", bank.LongestAccepted+1) }), []string{"accepted_2"}},
		"a pair of nothing":        {with(matching(bank.All), func(q *bank.Question) { q.Pairs[1].Right = "z" }), []string{"pair_2"}},
		"a gap without its place":  {with(gaps(), func(q *bank.Question) { q.Text = bank.Say(i18n.Kyrgyz, "[[1]] [[2]] [[2]]") }), []string{"text_ky"}},
		"a translation without it": {with(gaps(), func(q *bank.Question) { q.Text = q.Text.Translated(i18n.Kyrgyz, i18n.Russian, "[[1]] [[2]]") }), []string{"text_ru"}},
		"a gap worth nothing":      {with(gaps(), func(q *bank.Question) { q.Gaps[0].Worth = 0 }), []string{"gap_1_worth"}},
		"a gap that is a pair":     {with(gaps(), func(q *bank.Question) { q.Gaps[0].Kind = bank.Matching }), []string{"accepted", "gap_1_kind"}},
		"one step":                 {with(scale(), func(q *bank.Question) { q.Steps = 1 }), []string{"steps"}},
		"twelve steps":             {with(scale(), func(q *bank.Question) { q.Steps = 12 }), []string{"steps"}},
		"a tag twice":              {with(single(), func(q *bank.Question) { q.Tags = []string{"а", "а"} }), []string{"tags"}},
		"too hard":                 {with(single(), func(q *bank.Question) { q.Difficulty = 6 }), []string{"difficulty"}},
	} {
		if got := at(c.q); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: wrong are %v, want %v (%v)", name, got, c.wrong, c.q.Validate())
		}
	}
}

func TestATranslationIsStaleWhenItWasMadeFromOtherWords(t *testing.T) {
	t.Parallel()
	w := bank.Say(i18n.Kyrgyz, "Качан?").Translated(i18n.Kyrgyz, i18n.Russian, "Когда?")
	if w.Stale(i18n.Kyrgyz, i18n.Russian) || w.Stale(i18n.Kyrgyz, i18n.Kyrgyz) || !w.Stale(i18n.Kyrgyz, i18n.English) {
		t.Errorf("stale at once: %+v", w)
	}
	changed := w.Reworded(i18n.Kyrgyz, "Кайда?")
	if !changed.Stale(i18n.Kyrgyz, i18n.Russian) || changed.Ru != "Когда?" {
		t.Errorf("not stale: %+v", changed)
	}
	if back := changed.Reworded(i18n.Kyrgyz, "Качан?"); back.Stale(i18n.Kyrgyz, i18n.Russian) {
		t.Error("stale, though the source says again what it was made from")
	}
	if again := changed.Translated(i18n.Kyrgyz, i18n.Russian, "Где?"); again.Stale(i18n.Kyrgyz, i18n.Russian) {
		t.Error("a new translation is stale")
	}
	q := single()
	q.Text = q.Text.Translated(i18n.Kyrgyz, i18n.Russian, "Когда пройдут выборы?")
	want := []string{"option_1", "option_2", "option_3"}
	if got := q.Stale(); len(got) != 1 || !slices.Equal(got[i18n.Russian], want) {
		t.Errorf("stale are %v, want the options in Russian", got)
	}
}

func TestAnAnsweredQuestionBecomesAnotherOrIsOnlyRemarkedOn(t *testing.T) {
	t.Parallel()
	start := single()
	for i := range start.Options {
		start.Options[i].Text = start.Options[i].Text.Translated(i18n.Kyrgyz, i18n.Russian, "год "+start.Options[i].ID)
	}
	start.Text = start.Text.Translated(i18n.Kyrgyz, i18n.Russian, "Когда пройдут выборы?")
	for name, c := range map[string]struct {
		change    func(*bank.Question)
		want      bank.Change
		languages []i18n.Language
	}{
		"nothing":           {func(*bank.Question) {}, bank.Nothing, nil},
		"a name and a tag":  {func(q *bank.Question) { q.Name, q.Tags, q.Difficulty = "шайлоо", []string{"1"}, 3 }, bank.Remark, nil},
		"feedback":          {func(q *bank.Question) { q.Options[0].Feedback = bank.Say(i18n.Kyrgyz, "Ооба") }, bank.Remark, nil},
		"another language":  {func(q *bank.Question) { q.Text = q.Text.Translated(i18n.Kyrgyz, i18n.English, "When?") }, bank.Remark, nil},
		"a slip of the pen": {func(q *bank.Question) { q.Text = q.Text.Reworded(i18n.Kyrgyz, "Шайлоо качан болот?") }, bank.Wording, []i18n.Language{i18n.Kyrgyz}},
		"a bad translation": {func(q *bank.Question) {
			q.Options[1].Text = q.Options[1].Text.Translated(i18n.Kyrgyz, i18n.Russian, "2026 год")
		}, bank.Wording, []i18n.Language{i18n.Russian}},
		"both languages": {func(q *bank.Question) {
			q.Text = q.Text.Reworded(i18n.Kyrgyz, "Кайда?").Translated(i18n.Kyrgyz, i18n.Russian, "Где?")
		}, bank.NewVersion, nil},
		"a translation taken off": {func(q *bank.Question) { q.Text.Ru = "" }, bank.NewVersion, nil},
		"a weight":                {func(q *bank.Question) { q.Options[2].Weight = 0 }, bank.NewVersion, nil},
		"an option less":          {func(q *bank.Question) { q.Options = q.Options[:2] }, bank.NewVersion, nil},
		"another kind":            {func(q *bank.Question) { q.Kind, q.Rule = bank.Multiple, bank.All }, bank.NewVersion, nil},
		"another order":           {func(q *bank.Question) { slices.Reverse(q.Options) }, bank.Remark, nil},
	} {
		now := start
		now.Options = slices.Clone(start.Options)
		c.change(&now)
		if got, languages := bank.Since(start, now); got != c.want || !slices.Equal(languages, c.languages) {
			t.Errorf("%s: %d %v, want %d %v", name, got, languages, c.want, c.languages)
		}
		if same := start.Trace() == now.Trace(); same != (c.want == bank.Nothing) {
			t.Errorf("%s: the trace is the same: %v", name, same)
		}
	}
	order := ordering(bank.All)
	turned := ordering(bank.All)
	slices.Reverse(turned.Options)
	if got, _ := bank.Since(order, turned); got != bank.NewVersion {
		t.Errorf("another right order is %d", got)
	}
}

func TestNothingThatDecidesAMarkChangesWithoutANewVersion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := banktest.Question(t, i18n.Kyrgyz, bank.Single, bank.Multiple, bank.Short, bank.Numeric, bank.Matching, bank.Ordering, bank.Gaps)
		b := a
		b.Options, b.Accepted, b.Pairs, b.Gaps = slices.Clone(a.Options), slices.Clone(a.Accepted), slices.Clone(a.Pairs), slices.Clone(a.Gaps)
		some := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "which") }
		switch what := rapid.IntRange(0, 6).Draw(t, "change"); {
		case what == 0 && len(b.Options) > 0:
			b.Options[some(len(b.Options))].Weight /= 2
		case what == 1 && len(b.Options) > 0:
			i, j := some(len(b.Options)), some(len(b.Options))
			b.Options[i], b.Options[j] = b.Options[j], b.Options[i]
		case what == 2 && len(b.Accepted) > 0:
			b.Accepted[some(len(b.Accepted))].Value = "7"
		case what == 3 && len(b.Pairs) > 0:
			b.Pairs[0].Right = b.Pairs[1].Right
		case what == 4 && len(b.Gaps) > 0:
			b.Gaps[some(len(b.Gaps))].Worth++
		case what == 5:
			b.Letters, b.Rule = !b.Letters, bank.All
		default:
			b.Name = "башка"
		}
		change, _ := bank.Since(a, b)
		if change == bank.NewVersion {
			return
		}
		for _, answer := range []bank.Answer{bank.Right(a), bank.Right(b)} {
			x, ofX := bank.Mark(a, answer)
			y, ofY := bank.Mark(b, answer)
			if x != y || ofX != ofY {
				t.Fatalf("%d of %d became %d of %d by a change of %d", x, ofX, y, ofY, change)
			}
		}
	})
}

func TestAReaderThatFindsNoEndSaysSoOnce(t *testing.T) {
	t.Parallel()
	var r bank.Read
	q := single()
	for range bank.MostQuestions {
		r.Questions = append(r.Questions, q)
	}
	for range bank.MostFindings + 5 {
		r.Add(q, 7, 1)
	}
	if len(r.Questions) != bank.MostQuestions || len(r.Findings) != bank.MostFindings+1 {
		t.Fatalf("%d questions, %d findings", len(r.Questions), len(r.Findings))
	}
	keys := map[string]bool{}
	for _, f := range r.Findings {
		keys[f.Fault.Key] = true
	}
	if want := []string{"learning.file.more_findings", "learning.file.too_many"}; !slices.Equal(slices.Sorted(maps.Keys(keys)), want) {
		t.Errorf("said were %v", keys)
	}
}
