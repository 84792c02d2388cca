package demostory

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// experience asks how much somebody has done for her community already: a programme wants
// beginners beside those who lead, so its selection may count by it.
var experience = forms.Written{
	Kind: forms.AskChoice,
	Label: i18n.Text{
		Ky: "Коомдук иштерге катышуу тажрыйбаңыз кандай?",
		Ru: "Какой у вас опыт участия в общественных делах?",
		En: "How much experience of civic work do you have?",
	},
	Choices: i18n.Text{
		Ky: "Азырынча жок\nБир-эки жолу катышкам\nДайыма катышам\nТоп же демилге жетектейм",
		Ru: "Пока нет\nУчаствую время от времени\nУчаствую постоянно\nВеду группу или инициативу",
		En: "None yet\nI take part now and then\nI take part regularly\nI lead a group or an initiative",
	},
}

// askExperience adds the question to the form of one activity before its applications open,
// between the reasons of a person and her consent.
func (t *teller) askExperience(ctx context.Context, a programme.Activity, opens time.Time) error {
	return t.play(ctx, []step{{opens.Add(-time.Hour), func(ctx context.Context, tx *storage.Tx) error {
		change := func(c forms.Change) (forms.Form, error) {
			form, err := t.Seminars.FormOf(ctx, tx, a)
			if err != nil {
				return form, err
			}
			c.Version = form.Version
			if err := t.Seminars.ChangeForm(ctx, tx, seats.ChangeForm{Activity: a.ID, Actor: t.Staff, Change: c}); err != nil {
				return form, err
			}
			return t.Seminars.FormOf(ctx, tx, a)
		}
		form, err := change(forms.Change{Do: forms.PutQuestion, Question: experience})
		if err != nil {
			return err
		}
		t.experience = form.Questions[len(form.Questions)-1].Key
		_, err = change(forms.Change{Do: forms.MoveUp, Key: t.experience})
		return err
	}}})
}

// experienceOf is what somebody answers, some nothing: most have taken part now and then, the
// young have done less than those of full age. It gives the id of an option, which counts from
// 1, and draws it apart, so that the question changes nothing else of the story.
func (t *teller) experienceOf(d people.Details) []string {
	h := fnv.New64a()
	h.Write([]byte(d.FullName + d.Phone))
	rnd := rand.New(rand.NewPCG(t.Seed, h.Sum64()))
	if rnd.IntN(100) < 5 {
		return nil
	}
	weights := [...]int{20, 40, 25, 15}
	if d.BirthYear > 0 && t.now.Year()-d.BirthYear < 25 {
		weights = [...]int{45, 35, 15, 5}
	}
	throw, option := rnd.IntN(100), 0
	for throw -= weights[option]; throw >= 0; throw -= weights[option] {
		option++
	}
	return []string{strconv.Itoa(option + 1)}
}
