package learning

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/moodle"
)

const twoGift = `// [id:kenesh-1]
::Кеңеш::Жергиликтүү кеңешти ким шайлайт? {=Калк ~Президент ~Акимчилик}

// [id:kenesh-2]
::Мөөнөт::Депутат канча жылга шайланат? {#5:0}
`

func bring(t *testing.T, s *storage.Store, text string, dry bool) Imported {
	t.Helper()
	out, err := ImportFile(t.Context(), s, ImportQuestions{Raw: []byte(text), DryRun: dry})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wants compares the sums of an import.
func wants(t *testing.T, got, want Imported) {
	t.Helper()
	if want.Format == "" {
		want.Format, want.Language = "GIFT", i18n.Kyrgyz
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Imported{}, "Findings")); diff != "" {
		t.Errorf("%s%v", diff, got.Findings)
	}
}

// held lists the questions of the bank by their names, each with its version and trace.
func held(t *testing.T, s *storage.Store) map[string]kept {
	t.Helper()
	out := map[string]kept{}
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := storage.All(ctx, tx, scanKept, keptColumns)
		if err != nil {
			return err
		}
		for _, k := range list {
			q, err := wording(ctx, tx, k.Version, k.Trace)
			if err != nil {
				return err
			}
			if err := q.Validate(); err != nil || q.Trace() != k.Trace {
				return fmt.Errorf("%s is not what was kept: %v", q.Name, err)
			}
			out[q.Name] = k
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAFileOfQuestionsComesOnceAndWhatIsNewInItIsTaken(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		wants(t, bring(t, s, twoGift, true), Imported{New: 2})
		if n := len(held(t, s)); n != 0 {
			t.Fatalf("a dry run has brought %d questions", n)
		}
		wants(t, bring(t, s, twoGift, false), Imported{New: 2})
		first := held(t, s)
		wants(t, bring(t, s, twoGift, false), Imported{Same: 2})
		if diff := cmp.Diff(first, held(t, s)); diff != "" || len(first) != 2 {
			t.Errorf("a second time changes the bank:\n%s", diff)
		}
		more := strings.Replace(twoGift, "~Акимчилик", "~Акимчилик ~Сот", 1) + "\n::Үчүнчү::Суроо {T}\n"
		wants(t, bring(t, s, more, true), Imported{New: 1, Changed: 1, Same: 1})
		wants(t, bring(t, s, more, false), Imported{New: 1, Changed: 1, Same: 1})
		now := held(t, s)
		if len(now) != 3 || now["Кеңеш"].Question != first["Кеңеш"].Question || now["Кеңеш"].Trace == first["Кеңеш"].Trace || now["Кеңеш"].Number != 1 {
			t.Errorf("%+v", now)
		}
		wants(t, bring(t, s, more, false), Imported{Same: 3})
		wants(t, bring(t, s, twoGift, false), Imported{Changed: 1, Same: 1})
		if diff := cmp.Diff(first["Кеңеш"], held(t, s)["Кеңеш"]); diff != "" {
			t.Errorf("the first file again does not give the first question:\n%s", diff)
		}
	})
}

func TestWhatAFileSaysTwiceIsNotGuessed(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		text := twoGift + "\n// [id:kenesh-2]\n::Мөөнөт::Депутат канча жылга шайланат? {#4:0}\n\n" + twoGift + "\nСуроо {=ооба"
		got := bring(t, s, text, false)
		wants(t, got, Imported{New: 2, Same: 2, Left: 2})
		var keys []string
		for _, f := range got.Findings {
			keys = append(keys, fmt.Sprintf("%d %s %v", f.Line, f.Fault.Key, f.Taken))
		}
		if !strings.Contains(strings.Join(keys, "\n"), "8 learning.import.ref_twice false") {
			t.Errorf("%q", keys)
		}
	})
}

func TestAQuestionThatWasChangedHereStaysAsItIs(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		bring(t, s, twoGift, false)
		k := held(t, s)["Мөөнөт"]
		change(t, s, k, func(q *bank.Question) { q.Accepted[0].Tolerance = "1" })
		wants(t, bring(t, s, twoGift, false), Imported{Same: 2})
		got := bring(t, s, strings.Replace(twoGift, "#5:0", "#6:0", 1), false)
		wants(t, got, Imported{Same: 1, Kept: 1})
		if len(got.Findings) != 1 || got.Findings[0].Fault.Key != "learning.import.kept" || !got.Findings[0].Taken {
			t.Errorf("%v", got.Findings)
		}
	})
}

// change makes a question say something else, as its editor does, and tells what became of it.
func change(t *testing.T, s *storage.Store, k kept, how func(q *bank.Question)) (c bank.Change) {
	t.Helper()
	if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		q, err := wording(ctx, tx, k.Version, k.Trace)
		if err != nil {
			return err
		}
		how(&q)
		c, err = keep(ctx, tx, k, q)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnAnsweredQuestionNeverChangesUnderPeople(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		bring(t, s, twoGift, false)
		first := held(t, s)["Мөөнөт"]
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return answered(ctx, tx, first.Version) }); err != nil {
			t.Fatal(err)
		}
		k := held(t, s)["Мөөнөт"]
		if c := change(t, s, k, func(q *bank.Question) { q.Text.Ky = "Депутат неча жылга шайланат?" }); c != bank.Wording {
			t.Errorf("other words are %v", c)
		}
		k = held(t, s)["Мөөнөт"]
		if k.Version != first.Version || k.Number != 1 || k.Answered != first.Trace {
			t.Errorf("other words make %+v of %+v", k, first)
		}
		if c := change(t, s, k, func(q *bank.Question) { q.Accepted[0].Value = "4" }); c != bank.NewVersion {
			t.Errorf("another right answer is %v", c)
		}
		k = held(t, s)["Мөөнөт"]
		if k.Number != 2 || k.Question != first.Question || k.Answered != "" {
			t.Errorf("%+v", k)
		}
		if c := change(t, s, k, func(q *bank.Question) { q.Accepted[0].Value = "3" }); c == bank.NewVersion || held(t, s)["Мөөнөт"].Number != 2 {
			t.Errorf("what nobody has answered becomes another version: %v", c)
		}
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error { // both wordings that people may have read are there
			q, err := wording(ctx, tx, first.Version, first.Trace)
			if err == nil && (q.Text.Ky != "Депутат канча жылга шайланат?" || q.Accepted[0].Value != "5") {
				t.Errorf("it has become %+v", q)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

func TestAFileIsReadInTheFormatAndTheLanguageThatItHas(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		read, err := ImportFile(t.Context(), s, ImportQuestions{Raw: []byte(twoGift), Language: i18n.Russian, DryRun: true})
		if err != nil || read.Language != i18n.Russian {
			t.Errorf("%+v %v", read, err)
		}
		q := bank.Question{Kind: bank.TrueFalse, Language: i18n.Russian, Ref: "r", Text: bank.Say(i18n.Russian, "Депутата избирают на пять лет?"), Options: []bank.Option{{ID: bank.TrueID, Weight: bank.Whole}, {ID: bank.FalseID}}}
		xml, _ := moodle.Write([]bank.Question{q}, i18n.Russian)
		wants(t, bring(t, s, "\xef\xbb\xbf"+string(xml), false), Imported{Format: "Moodle XML", Language: i18n.Russian, New: 1})
		wants(t, bring(t, s, `<?xml version="1.0"?><!-- a < b --><qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q1" title="One" adaptive="false" time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
<qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1"><qti-prompt>Who elects the council?</qti-prompt><qti-simple-choice identifier="A">The people</qti-simple-choice><qti-simple-choice identifier="B">The president</qti-simple-choice></qti-choice-interaction></qti-item-body>
<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/></qti-assessment-item>`, false), Imported{Format: "QTI", Language: i18n.English, New: 1})
		wants(t, bring(t, s, "<b>Bold</b> question {T}", false), Imported{Format: "GIFT", Language: i18n.English, New: 1})
		for name, raw := range map[string]string{
			"Windows-1251": "\xc2\xee\xef\xf0\xee\xf1 {T}", "half a file": `<?xml version="1.0"?><quiz><question type="truefalse">`, "a package that is none": "PK\x03\x04",
		} {
			before := len(held(t, s))
			if _, err := ImportFile(t.Context(), s, ImportQuestions{Raw: []byte(raw)}); err == nil {
				t.Errorf("%s is taken", name)
			} else if _, ok := AsFinding(err); !ok {
				t.Errorf("%s: %v", name, err)
			}
			if len(held(t, s)) != before {
				t.Errorf("%s has changed the bank", name)
			}
		}
	})
}

func TestAFullBankTakesNoMore(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for range MostHeld - 1 {
				if _, err := tx.Exec(ctx, `INSERT INTO question (id, ref, came, made_at, retired_at) VALUES ($1, '', '', 0, 0)`, tx.NewID()); err != nil {
					return err
				}
			}
			return nil
		}, storage.Long); err != nil {
			t.Fatal(err)
		}
		for _, dry := range []bool{true, false} {
			if _, err := ImportFile(t.Context(), s, ImportQuestions{Raw: []byte(twoGift), DryRun: dry}); !fault.Is(err, fault.TooLarge) {
				t.Errorf("dry %v: %v", dry, err)
			}
		}
		one, _, _ := strings.Cut(twoGift, "\n\n")
		wants(t, bring(t, s, one, false), Imported{New: 1})
		wants(t, bring(t, s, one, false), Imported{Same: 1})
	})
}

// many bring the same file at once and count what is in the bank then.
func many(t *testing.T, s *storage.Store) (questions int, sums []Imported) {
	t.Helper()
	var group sync.WaitGroup
	var mu sync.Mutex
	for range 8 {
		group.Go(func() {
			out, err := ImportFile(t.Context(), s, ImportQuestions{Raw: []byte(twoGift)})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			sums = append(sums, out)
		})
	}
	group.Wait()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		questions, err = countQuestions(ctx, tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return questions, sums
}

func TestOfTwoWhoBringAFileAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		n, sums := many(t, s)
		fresh := 0
		for _, one := range sums {
			fresh += one.New
		}
		if n != 2 || fresh != 2 {
			t.Errorf("%d questions stand, %d were new: %+v", n, fresh, sums)
		}
	})
}

// Without its guard the bank has a question twice; where one writes after the other it cannot.
func TestWithoutTheGuardAFileComesTwice(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		if s.Dialect() != storage.PostgreSQL {
			return
		}
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for _, index := range []string{"question_ref_once", "question_came_once"} {
				if _, err := tx.Exec(ctx, "DROP INDEX "+index); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		n := 0
		for range 20 {
			if n, _ = many(t, s); n > 2 {
				return
			}
			if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				for _, table := range []string{"question_wording", "question_version", "question"} {
					if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("with the guard off %d questions stand: the race did not happen", n)
	}, storagetest.TablesChange)
}
