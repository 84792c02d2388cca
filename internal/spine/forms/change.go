package forms

import (
	"context"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Step is one thing that is done to a form.
type Step string

// The steps.
const (
	MoveUp       Step = "up"
	MoveDown     Step = "down"
	DropQuestion Step = "delete"
	PutQuestion  Step = "save"
)

// Change is one change of a form.
type Change struct {
	Version  int64 // of the form as it was seen
	Do       Step
	Key      string // of the question that is meant, empty for a new one
	Question Written
}

// Written is a question as an organiser writes it, for PutQuestion.
type Written struct {
	Kind        QuestionKind // of a new question; who has one keeps its kind
	Label, Help i18n.Text
	Required    bool
	When        string    // question=option, empty for always
	Choices     i18n.Text // an option a line, see setOptions
	Min, Max    string
	Uses        []string // of Shelf.Uses
}

// Written gives the question as it stands, for who writes it anew.
func (q Question) Written() Written {
	return Written{Kind: q.Kind, Label: q.Label, Help: q.Help, Required: q.Required, When: q.condition(), Choices: i18n.Text{
		Ky: q.lines(i18n.Kyrgyz), Ru: q.lines(i18n.Russian), En: q.lines(i18n.English),
	}, Min: wholeText(q.Min), Max: wholeText(q.Max), Uses: q.Uses}
}

// Change makes a new version of the form of an owner or, when shared, of all who share it.
// Questions and options keep their ids through moving and rewording; new ones get ids that
// no answer ever had. Who may change it has been decided.
//
// Conflict when somebody else changed it since; Invalid when the questions would make no
// form, or when another question hangs on what would be gone, which is named.
func (s Shelf) Change(ctx context.Context, tx *storage.Tx, of Owner, shared bool, c Change, from Sources) error {
	before, err := s.ToChange(ctx, tx, of, shared)
	if err != nil {
		return err
	}
	if before.Version != c.Version {
		return fault.New(fault.Conflict, "forms.fault.form_changed")
	}
	next := Form{Questions: slices.Clone(before.Questions), Version: before.Version, Needs: s.Needs}
	at := next.at(c.Key)
	if at < 0 && (c.Key != "" || c.Do != PutQuestion) {
		return fault.New(fault.Conflict, "forms.fault.form_changed")
	}
	switch c.Do {
	case MoveUp:
		if at > 0 {
			next.Questions[at-1], next.Questions[at] = next.Questions[at], next.Questions[at-1]
		}
	case MoveDown:
		if at < len(next.Questions)-1 {
			next.Questions[at+1], next.Questions[at] = next.Questions[at], next.Questions[at+1]
		}
	case DropQuestion:
		next.Questions = slices.Delete(next.Questions, at, at+1)
	case PutQuestion:
		if at < 0 {
			at = len(next.Questions)
			if !s.asks(c.Question.Kind) {
				return fault.At("kind", "forms.fault.choice")
			}
			next.Questions = append(next.Questions, Question{Kind: c.Question.Kind, Key: newKey(tx, c.Question.Kind)})
		}
		if err := next.put(at, c.Question); err != nil {
			return err
		}
		next.Questions[at].Uses = nil
		for _, use := range s.Uses {
			if slices.Contains(c.Question.Uses, use) {
				next.Questions[at].Uses = append(next.Questions[at].Uses, use)
			}
		}
	default:
		return fault.New(fault.Invalid, "forms.fault.choice")
	}
	if err := next.check(before, from); err != nil {
		return err
	}
	return s.Save(ctx, tx, of, shared, next)
}

// newKey gives a question its id: that of a field of the person or of the house's own
// consent, which mean the same in every form, else one that no other ever had.
func newKey(tx *storage.Tx, kind QuestionKind) string {
	if kind.Own() || kind == AskProcessing || kind == AskPhoto {
		return string(kind)
	}
	id := tx.NewID()
	return "q" + strings.ToLower(base32.StdEncoding.EncodeToString(id[len(id)-5:]))
}

// put writes what an organiser wrote into the question at a place.
func (f Form) put(at int, w Written) error {
	var form fault.Form
	q := f.Questions[at]
	if q.Kind == AskProcessing || q.Kind == AskPhoto {
		q.Kind = AskConsent
	}
	if q.Key == string(AskPhoto) { // in the words of the house alone, and never a condition
		w.Label, w.Required = i18n.Text{}, false
	}
	form.Check(q.Kind.Own() || slices.Contains(QuestionKinds[:], q.Kind), "kind", "forms.fault.choice")
	usual := q.Kind.Own() || q.houseWords() // empty words are those of the house
	text := func(field string, t i18n.Text, most int64) i18n.Text {
		for _, l := range []struct {
			code string
			to   *string
		}{{"ky", &t.Ky}, {"ru", &t.Ru}, {"en", &t.En}} {
			if *l.to = strings.TrimSpace(*l.to); *l.to == "" {
				continue
			}
			kept, wrong, args := (Question{Kind: AskText, Max: most}).Fix(*l.to, Sources{})
			if wrong != "" {
				form.Add(field+"_"+l.code, wrong, args)
			}
			*l.to = kept // a label of one line
		}
		return t
	}
	q.Label, q.Help, q.Required = text("label", w.Label, 200), text("help", w.Help, 300), w.Required
	if !usual || q.Label != (i18n.Text{}) {
		form.Check(q.Label.Ky != "", "label_ky", "forms.fault.required")
		form.Check(q.Label.Ru != "", "label_ru", "forms.fault.required")
		form.Check(q.Label.En != "", "label_en", "forms.fault.required")
	}
	if natures[q.Kind].options {
		q.setOptions(w.Choices, &form)
	}
	q.When = nil
	if w.When != "" {
		key, value, _ := strings.Cut(w.When, "=")
		q.When = &Condition{Question: key, Value: value}
	}
	if natures[q.Kind].bounds {
		q.Min, q.Max = 0, 0
		for _, n := range []struct {
			field, text string
			to          *int64
		}{{"min", w.Min, &q.Min}, {"max", w.Max, &q.Max}} {
			if s := strings.TrimSpace(n.text); s != "" {
				v, err := strconv.ParseInt(s, 10, 64)
				form.Check(err == nil, n.field, "forms.fault.number")
				*n.to = v
			}
		}
		form.Check(q.Max == 0 || q.Min <= q.Max, "max", "forms.fault.range", fault.Args{"min": q.Min, "max": int64(1)<<53 - 1})
	}
	f.Questions[at] = q
	return form.Err()
}
