package forms

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Consenting keeps consents: people.Service.
type Consenting interface {
	Consent(ctx context.Context, tx *storage.Tx, c people.SayConsent) error
}

// Consents notes what a person answered to the questions that ask for a consent, bound to
// the words that she read; no is an answer too. room is the name of the module that asks
// and goes before the purposes that its organisers invent. A question that does not apply
// was not asked, and nothing is noted of it.
func (f Form) Consents(ctx context.Context, tx *storage.Tx, keeper Consenting, room string, person storage.ID, lang i18n.Language, answers Answers) error {
	return f.consents(ctx, tx, keeper, room, person, lang, answers, f.Questions)
}

// NewConsents is Consents of those questions alone that were not asked before.
func (f Form) NewConsents(ctx context.Context, tx *storage.Tx, keeper Consenting, room string, person storage.ID, lang i18n.Language, before, answers Answers) error {
	return f.consents(ctx, tx, keeper, room, person, lang, answers, slices.DeleteFunc(slices.Clone(f.Questions), func(q Question) bool { return f.Applies(q, before) }))
}

func (f Form) consents(ctx context.Context, tx *storage.Tx, keeper Consenting, room string, person storage.ID, lang i18n.Language, answers Answers, list []Question) error {
	for _, q := range list {
		if q.Kind != AskConsent || !f.Applies(q, answers) {
			continue
		}
		given := answers.First(q.Key) == "on"
		if err := keeper.Consent(ctx, tx, people.SayConsent{
			Person: person, Purpose: q.purpose(room), Wording: q.Wording(), Lang: lang, Given: given,
		}); err != nil {
			return err
		}
	}
	return nil
}

// purpose names the consent that a question asks for: the one to the programme is the
// same in every form, at the door and in the profile.
func (q Question) purpose(room string) string {
	if q.Key == string(AskProcessing) {
		return people.ForProgramme
	}
	if q.Key == string(AskPhoto) && q.houseAsks() {
		return people.ForPhoto
	}
	return room + "." + q.Key
}
