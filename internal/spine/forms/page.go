package forms

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// Page is one page of a form as somebody fills it in; Form.Steps tells which there are.
// A handler draws it with Fields, and gives what comes back to Take.
type Page struct {
	Form    Form
	Step    int
	Answers Answers // to all pages, as far as they are known
	Sources Sources
	Fault   *fault.Error
	Carried []Carried // what came with another page and goes with this one
	Shared  bool      // others use this browser: it neither keeps nor restores what was typed
}

// Carried is an answer that was written on another page.
type Carried struct{ Field, Value string }

// Asked gives the questions that stand on the page.
func (p Page) Asked() []Asked {
	var out []Asked
	for _, q := range p.Form.Steps()[p.Step] {
		if p.Form.Applies(q, p.Answers) {
			out = append(out, Asked{Question: q, Answers: p.Answers, Sources: p.Sources, Fault: p.Fault, Shared: p.Shared})
		}
	}
	return out
}

// Labels names the questions whose faults stand together at the top; a consent
// is a sentence and speaks for itself.
func (p Page) Labels(say *i18n.Printer) kit.Labels {
	out := kit.Labels{}
	for _, q := range p.Asked() {
		if q.Kind != AskConsent {
			out[q.Field()] = q.Title(say)
		}
	}
	return out
}

// HasFile reports whether the page asks for a file: its form is sent as multipart/form-data.
func (p Page) HasFile() bool {
	return slices.ContainsFunc(p.Asked(), func(q Asked) bool { return q.Kind == AskFile })
}

// Scripts are the islands that the page needs.
func (p Page) Scripts() []string {
	if p.HasFile() {
		return []string{kit.Uploads}
	}
	return nil
}

// Last reports whether no page comes after this one, as far as it is answered.
func (p Page) Last() bool {
	_, more := p.Form.NextStep(p.Step+1, p.Answers)
	return !more
}

// Take reads what came with the page into its answers, and leaves in its Fault what is
// wrong with them. saving says that she goes on later: then nothing need be filled in. The
// error is what went wrong besides.
func (p *Page) Take(r *web.Request, saving bool) error {
	p.Answers = p.Answers.Clone()
	var form fault.Form
	questions := p.cameWith(r)
	chosen, err := uploads(r, questions, &form)
	if err != nil {
		return err
	}
	Read(p.Answers, questions, r.PostForm, chosen, p.Sources, !saving, &form)
	// Known details may stand for a question of an earlier page only.
	if p.Step == 0 && !saving {
		p.Form.checkContact(p.Answers, &form)
	}
	p.Fault = fault.Of(form.Err())
	return nil
}

// cameWith gives the questions that a page asked, and notes of which form it was drawn:
// those of its step, and all others that came with it, should the form have changed since.
func (p *Page) cameWith(r *web.Request) (questions []Question) {
	drawn := r.PostFormValue("form")
	for i, step := range p.Form.Steps() {
		for _, q := range step {
			came := r.PostForm.Has(q.Field()) || len(r.Files(q.Field())) > 0
			if i != p.Step && !came || !p.Form.Applies(q, p.Answers) {
				continue
			}
			questions = append(questions, q)
			if delete(p.Answers.Asked, q.Key); drawn != "" && len(drawn) < 64 {
				p.Answers.Asked[q.Key] = drawn
			}
		}
	}
	return questions
}

// Refuse turns to the first page with something to mend, with what she wrote: f is what a
// use case found wrong with the whole form. What came with this request travels with the
// page that is shown, and a fault at another page names its question there.
func (p *Page) Refuse(r *web.Request, f *fault.Error) {
	if p.Step >= len(p.Form.Steps()) {
		p.Step = 0
	}
	p.Fault = f
	if step, ok := p.stepOf(f); ok {
		p.Step = step
	}
	p.carry(r)
	p.Fault = p.elsewhere()
}

// elsewhere words the faults at questions of other pages so that they name the question:
// their fields are not here.
func (p Page) elsewhere() *fault.Error {
	f := *p.Fault
	f.Fields = nil
	for _, e := range p.Fault.Fields {
		for i, step := range p.Form.Steps() {
			for _, q := range step {
				if q.Field() == e.Field && i != p.Step {
					e = &fault.Error{Code: e.Code, Key: "forms.fault.other_page", Args: fault.Args{"question": named([]Question{q})}}
				}
			}
		}
		f.Fields = append(f.Fields, e)
	}
	return &f
}

// carry keeps what came with another page than the one that is shown, so that she need
// not write it again.
func (p *Page) carry(r *web.Request) {
	p.Carried = nil
	for i, step := range p.Form.Steps() {
		for _, q := range step {
			if i != p.Step && q.Kind != AskFile && len(p.Fault.At(q.Field())) == 0 {
				for _, v := range r.PostForm[q.Field()] {
					p.Carried = append(p.Carried, Carried{q.Field(), v})
				}
			}
		}
	}
}

// stepOf finds the page that holds the first wrong field.
func (p Page) stepOf(f *fault.Error) (int, bool) {
	for i, questions := range p.Form.Steps() {
		for _, q := range questions {
			if len(f.At(q.Field())) > 0 {
				return i, true
			}
		}
	}
	return 0, false
}
