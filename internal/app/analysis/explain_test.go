package analysis

import (
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/i18n/i18ntest"
	"platforma.kg/ashar/internal/modules/learning"
	"platforma.kg/ashar/internal/science/agreement"
)

func TestTheSentencesOfLearningAreSound(t *testing.T) {
	t.Parallel()
	i18ntest.Sound(t, learning.Texts())
}

func TestSentencesFillEveryArgumentInThreeLanguages(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Languages {
		g, err := gainText(course, GainOptions{Max: 20, Seed: 1, Explain: l})
		if err != nil {
			t.Fatal(err)
		}
		i, err := itemsText("person,q1,q2,q3\na,1,1,0\nb,1,0,1\nc,0,0,1\nd,1,1,\n", ItemsOptions{Explain: l})
		if err != nil {
			t.Fatal(err)
		}
		a, err := agreementText(published(t, "two"), AgreementOptions{Level: agreement.Interval, Seed: 1, Explain: l})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{g, i, a} {
			if strings.ContainsAny(text, "{}") || regexp.MustCompile(`\[learning|%!|: \.|  |\(\)|NaN`).MatchString(text) || strings.Count(text, "\n") < 6 {
				t.Errorf("%s:\n%s", l, text)
			}
		}
	}
}

func TestTheEnglishSentencesReadLikeThis(t *testing.T) {
	t.Parallel()
	got, err := gainText(course, GainOptions{Max: 20, Seed: 1, Explain: i18n.English})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"5 people took both tests (6 took the first, 6 the second).",
		"The mean score was 9.2 before and 11.2 after; 20 is the highest possible.",
		"Better the second time: 3. Worse: 1. The same: 1.",
		"Class gain (Hake): 19%.",
		"Part of the gain may be practice",
		"Fewer than 20 people were compared",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestSentencesAgreeWithTheNumbersInThem(t *testing.T) {
	t.Parallel()
	// 29.7 % is written as 30 %, and must not be called less than 30 %.
	nearly := "person,pre,post\na,0,3\nb,0,3\nc,0,3\nd,0,2.96\ne,0,2.89\n"
	// Everybody gains one point: "1 points" is no English, and nothing was drawn before "the same way".
	alike := "person,pre,post\na,1,2\nb,2,3\nc,1,2\nd,0,1\ne,2,3\n"
	loss := "person,pre,post\na,5,4\nb,6,3\nc,7,7\nd,8,5\ne,9,6\n"
	for _, c := range []struct {
		name, text string
		want, not  []string
	}{
		{"nearly", nearly, []string{"Class gain (Hake): 30%", "medium (30 to 70 per cent)"}, []string{"below 30"}},
		{"alike", alike, []string{"in points among those who changed: 1.", "Rank-biserial correlation: 1."}, []string{"1 points", "same way"}},
		{"loss", loss, []string{"is negative, −67%."}, nil},
	} {
		got, err := gainText(c.text, GainOptions{Max: 10, Seed: 1, Explain: i18n.English})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
		for _, not := range c.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q in\n%s", c.name, not, got)
			}
		}
	}
}

func TestTheSentencesOfATestNameItsBestAndItsWorstQuestion(t *testing.T) {
	t.Parallel()
	const text = "person,q1,q2,q3\na,1,1,0\nb,1,1,0\nc,0,0,1\nd,1,0,0\ne,0,0,1\nf,1,1,1\n"
	got, err := itemsText(text, ItemsOptions{Explain: i18n.English})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"KR-20 as well", "(question “q3”) to", "Without the question “q3” alpha would be 0.83."} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
