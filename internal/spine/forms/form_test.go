package forms

import (
	"context"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// feedback is a form of a room that must not know who answers.
func feedback() Form {
	return Form{Questions: []Question{
		{Key: "liked", Kind: AskChoice, Label: inThree("Did you like it?"), Required: true, Choices: []Choice{{"1", inThree("Yes")}, {"2", inThree("No")}}},
		{Key: "why", Kind: AskLong, When: &Condition{"liked", "2"}, Required: true},
		{Key: "whose", Kind: AskText, Label: inThree("Whose fault was it?"), When: &Condition{"why", "x"}},
		{Key: profile.AskPhone, Kind: AskPhone},
		{Key: profile.AskEmail, Kind: AskEmail},
	}}
}

func TestOnlyAnswersThatApplyCountAndAllThatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		given map[string][]string
		kept  []string
		wrong []string
	}{
		"she liked it":      {map[string][]string{"liked": {"1"}, "why": {"dropped"}, "unknown": {"dropped"}}, []string{"liked"}, nil},
		"she did not":       {map[string][]string{"liked": {"2"}, "why": {"too hot"}}, []string{"liked", "why"}, nil},
		"she does not say":  {map[string][]string{"liked": {"2"}}, []string{"liked"}, []string{"q_why"}},
		"nothing":           {nil, nil, []string{"q_liked"}},
		"an option of hers": {map[string][]string{"liked": {"3"}}, nil, []string{"q_liked"}},
		"two of one":        {map[string][]string{"liked": {"1", "2"}}, []string{"liked"}, nil},
	} {
		got, err := feedback().Validate(Answers{Values: c.given}, Sources{})
		var wrong []string
		if f := fault.Of(err); f != nil {
			wrong = f.FieldNames()
		}
		if !slices.Equal(wrong, c.wrong) {
			t.Errorf("%s: wrong are %v", name, wrong)
		}
		for _, key := range []string{"liked", "why", "whose", "unknown"} {
			if err == nil && got.Has(key) != slices.Contains(c.kept, key) {
				t.Errorf("%s: %s is kept: %v", name, key, got.Has(key))
			}
		}
	}
}

func TestOnlyAFormThatNeedsAPersonAsksForHer(t *testing.T) {
	t.Parallel()
	form := feedback()
	if _, err := form.Validate(Answers{Values: map[string][]string{"liked": {"1"}}}, Sources{}); err != nil {
		t.Errorf("nobody need be reached: %v", err)
	}
	if err := form.check(form, Sources{}); err != nil {
		t.Errorf("it is a form without a name, a contact and a consent: %v", err)
	}
	form.Needs = Needs{Name: true, Contact: true, Consent: true}
	if _, err := form.Validate(Answers{Values: map[string][]string{"liked": {"1"}}}, Sources{}); fault.Of(err) == nil || !slices.Equal(fault.Of(err).FieldNames(), []string{"q_phone"}) {
		t.Errorf("she cannot be reached: %v", err)
	}
	if _, err := form.Validate(Answers{Values: map[string][]string{"liked": {"1"}, "email": {"a@example.kg"}}}, Sources{}); err != nil {
		t.Errorf("an address is enough: %v", err)
	}
	keys := func(f Form) (out []string) {
		if wrong := fault.Of(f.check(f, Sources{})); wrong != nil {
			for _, e := range wrong.Fields {
				out = append(out, e.Key)
			}
		}
		return out
	}
	if got := keys(form); !slices.Contains(got, "forms.fault.needs_name") || !slices.Contains(got, "forms.fault.needs_consent") || slices.Contains(got, "forms.fault.needs_contact") {
		t.Errorf("with needs: %v", got)
	}
	form.Questions = form.Questions[:1]
	if got := keys(form); !slices.Contains(got, "forms.fault.needs_contact") {
		t.Errorf("without contacts: %v", got)
	}
}

// said keeps the consents that it is told.
type said []people.SayConsent

func (s *said) Consent(_ context.Context, _ *storage.Tx, c people.SayConsent) error {
	*s = append(*s, c)
	return nil
}

func TestConsentsAreBoundToTheirWordsAndNamedByTheirRoom(t *testing.T) {
	t.Parallel()
	form := Form{Questions: []Question{
		{Key: "photo", Kind: AskConsent, Label: inThree("Photos")},
		{Key: "film", Kind: AskConsent, Label: inThree("Films")},
		{Key: "far", Kind: AskConsent, Label: inThree("Not asked"), When: &Condition{"photo", "never"}},
		{Key: string(AskProcessing), Kind: AskConsent, Required: true},
	}}
	her := storage.ID{1}
	var list said
	if err := form.Consents(t.Context(), nil, &list, "feedback", her, i18n.Kyrgyz, Answers{Values: map[string][]string{"photo": {"on"}, "processing": {"on"}}}); err != nil {
		t.Fatal(err)
	}
	want := said{
		{Person: her, Purpose: "feedback.photo", Wording: inThree("Photos"), Lang: i18n.Kyrgyz, Given: true},
		{Person: her, Purpose: "feedback.film", Wording: inThree("Films"), Lang: i18n.Kyrgyz},
		{Person: her, Purpose: people.ForProgramme, Wording: people.Wording(people.ForProgramme), Lang: i18n.Kyrgyz, Given: true},
	}
	if !slices.Equal(list, want) {
		t.Errorf("%+v", list)
	}
}

func TestTheFieldsOfAPersonGoIntoAFormAndComeBack(t *testing.T) {
	t.Parallel()
	var d people.Details
	for _, f := range profile.Fields {
		if f.Asks == "" {
			continue
		}
		v := "a" + string(f.Name)
		if f.Chosen() {
			v = f.Values(nil)[0]
		}
		d.Set(f.Name, v)
	}
	back := Known(d).Details()
	for _, f := range profile.Fields {
		if f.Asks != "" && !slices.Equal(back.Get(f.Name), d.Get(f.Name)) {
			t.Errorf("%s was %q and is %q", f.Name, d.Get(f.Name), back.Get(f.Name))
		}
	}
	err := AtQuestions(fault.At(string(profile.City), "fault.required"))
	if f := fault.Of(err); f == nil || !slices.Equal(f.FieldNames(), []string{"q_place"}) {
		t.Errorf("a fault of the record: %v", err)
	}
}
