package analysis

import (
	"fmt"
	"io"
	"math"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/learning"
	"platforma.kg/ashar/internal/science/agreement"
	"platforma.kg/ashar/internal/science/gain"
)

// sentence is a text's key and its arguments, not yet in any language.
type sentence struct {
	key  string
	args func(l i18n.Language) map[string]any
}

// explain writes one sentence a line.
func explain(out io.Writer, l i18n.Language, sentences []sentence) error {
	catalogue, err := i18n.Load(learning.Texts())
	if err != nil {
		return err
	}
	say := catalogue.Printer(l)
	for _, s := range sentences {
		if _, err := fmt.Fprintln(out, say.With("learning."+s.key, s.args(l))); err != nil {
			return err
		}
	}
	return nil
}

// gainSentences says a gain; more are the warnings of the file.
func gainSentences(r gain.Result, more []string) []sentence {
	return append(fromGain(r.Findings(), nil), plainly("gain.warning.", more)...)
}

// plainly gives the sentences of warnings, which have no arguments.
func plainly(prefix string, warnings []string) []sentence {
	out := make([]sentence, len(warnings))
	for i, w := range warnings {
		out[i] = sentence{prefix + w, func(i18n.Language) map[string]any { return nil }}
	}
	return out
}

// fromGain turns findings into sentences; names are those of the items.
func fromGain(findings []gain.Finding, names []string) []sentence {
	out := make([]sentence, len(findings))
	for i, f := range findings {
		out[i] = sentence{f.Key, func(l i18n.Language) map[string]any {
			args := map[string]any{}
			for _, a := range f.Args {
				switch a.Kind {
				case gain.Whole:
					args[a.Name] = int(a.Value)
				case gain.Share:
					args[a.Name] = i18n.Percent(l, a.Value)
				case gain.Probability:
					args[a.Name] = probability(l, a.Value)
				case gain.ItemName:
					args[a.Name] = names[int(a.Value)]
				default:
					args[a.Name] = i18n.Decimal(l, a.Value, 2)
				}
			}
			return args
		}}
	}
	return out
}

// agreementSentences says how far raters agree; more are the warnings of the file.
func agreementSentences(r agreement.Result, more []string) []sentence {
	findings := r.Findings()
	out := make([]sentence, len(findings))
	for i, f := range findings {
		out[i] = sentence{f.Key, func(l i18n.Language) map[string]any {
			args := map[string]any{}
			for _, a := range f.Args {
				if a.Whole {
					args[a.Name] = int(a.Value)
				} else {
					args[a.Name] = i18n.Decimal(l, a.Value, 3)
				}
			}
			return args
		}}
	}
	return append(out, plainly("agreement.warning.", more)...)
}

// probability writes p with its sign: "= 0.01", "< 0.001".
func probability(l i18n.Language, p float64) string {
	if p < .001 {
		return "< " + i18n.Decimal(l, .001, 3)
	}
	return "= " + i18n.Decimal(l, math.Round(p*1000)/1000, 3)
}
