package programme

import (
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// GapsField is the tick by which somebody says that what is not written in every language may be published so.
const GapsField = "gaps"

// Gap is a text that is written in one language and not in the others: who reads in those sees
// it in a language that she may not read.
type Gap struct {
	Field   string // as the editor names it: title, subject, summary, description or gain
	Missing []i18n.Language
}

// Gaps are the gaps in what an activity is about. Where it takes place may stand in one
// language, since an address is read on the spot; what is written in none is no gap.
func (a Activity) Gaps() (out []Gap) {
	for _, text := range []struct {
		field string
		is    i18n.Text
	}{{"title", a.Title}, {"subject", a.Subject}, {"summary", a.Summary}, {"description", a.Description}, {"gain", a.Gain}} {
		if text.is == (i18n.Text{}) {
			continue
		}
		gap := Gap{Field: text.field}
		for _, l := range i18n.Languages {
			if text.is.Exactly(l) == "" {
				gap.Missing = append(gap.Missing, l)
			}
		}
		if len(gap.Missing) > 0 {
			out = append(out, gap)
		}
	}
	return out
}

// AskGaps is the question to who publishes what is not written in every language: Invalid at
// GapsField, nil when there is no gap or she knows of it.
func AskGaps(a Activity, known bool) error {
	if known || len(a.Gaps()) == 0 {
		return nil
	}
	return fault.At(GapsField, "programme.fault.gaps")
}
