package analysis

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/gain"
)

// GainOptions are what the command was told.
type GainOptions struct {
	Max       float64 // the highest possible score
	Seed      uint64
	Resamples int           // 0 lets the science choose
	Explain   i18n.Language // sentences in this language; empty for JSON
	Say       func(string)  // takes messages; nil: nobody is told
}

// Check finds options that no file can mend.
func (o GainOptions) Check() error {
	switch {
	case !(o.Max > 0) || o.Max > gain.MaxScore:
		return fmt.Errorf("the highest possible score (--max) must be above 0 and at most %s", plain(gain.MaxScore))
	case o.Resamples < 0 || o.Resamples > gain.MaxResamples:
		return fmt.Errorf("--resamples must be from 0 to %d", gain.MaxResamples)
	}
	return nil
}

// Warnings that come from the file, not from the science.
const (
	withoutPerson = "without_person" // rows with scores and no person
	personTwice   = "person_twice"   // several rows of one person, joined
)

// Gain compares the tests in a file with the columns person, pre and post.
func Gain(file string, o GainOptions, out io.Writer, bar Progress) error {
	s, err := sheet.Open(file, "person", "pre", "post")
	if err != nil {
		return err
	}
	return gainOf(s, o, out, bar)
}

func gainOf(s *sheet.Sheet, o GainOptions, out io.Writer, bar Progress) error {
	if err := o.Check(); err != nil {
		return err
	}
	people, more, notes, err := readPairs(s, o.Max)
	if err != nil {
		return err
	}
	say := sayer(o.Say)
	say.file(s)
	say.all(notes)
	r, err := gain.Analyse(people, gain.Options{Max: o.Max, Seed: o.Seed, Resamples: o.Resamples, Progress: bar})
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if o.Explain != "" {
		return explain(out, o.Explain, gainSentences(r, more))
	}
	return write(out, gainJSON(r, more))
}

// seen is a person's scores and the lines where they stand.
type seen struct {
	scores gain.Pair
	line   [2]int
	rows   int
}

// readPairs gives one pair a person, in the order of their first rows, and the
// warnings of the file. Several rows of one person are joined, unless they
// contradict each other. Scores in a row without a person are counted, but are
// nobody's pair. The notes say which names were taken for one person.
func readPairs(s *sheet.Sheet, most float64) (people []gain.Pair, more, notes []string, err error) {
	columns, err := s.Require("person", "pre", "post")
	if err != nil {
		return nil, nil, nil, err
	}
	index, words := map[string]int{}, spellings{}
	var known []seen
	for row, err := range s.Rows() {
		if err != nil {
			return nil, nil, nil, err
		}
		scores, err := readScores(row, columns[1:], most)
		if err != nil {
			return nil, nil, nil, err
		}
		name := words.add(row.Cells[columns[0]])
		if name == "" {
			if both := !math.IsNaN(scores[0]) && !math.IsNaN(scores[1]); both {
				people = append(people, gain.Pair{Pre: scores[0], Post: math.NaN()}, gain.Pair{Pre: math.NaN(), Post: scores[1]})
			} else {
				people = append(people, gain.Pair{Pre: scores[0], Post: scores[1]})
			}
			if !slices.Contains(more, withoutPerson) {
				more = append(more, withoutPerson)
			}
			continue
		}
		at, twice := index[name]
		if !twice {
			at = len(known)
			index[name] = at
			known = append(known, seen{scores: gain.Pair{Pre: math.NaN(), Post: math.NaN()}})
		}
		if err := known[at].join(row, columns, scores); err != nil {
			return nil, nil, nil, err
		}
	}
	for _, k := range known {
		people = append(people, k.scores)
		if k.rows > 1 && !slices.Contains(more, personTwice) {
			more = append(more, personTwice)
		}
	}
	if len(people) > gain.MaxPeople {
		return nil, nil, nil, &sheet.Error{File: s.Name, Text: fmt.Sprintf("%d people, at most %d are analysed", len(people), gain.MaxPeople)}
	}
	delete(words, "") // rows without a person
	return people, more, words.notes(s, columns[0]), nil
}

// readScores reads pre and post; an empty cell is a test not taken.
func readScores(row sheet.Row, columns []int, most float64) (scores [2]float64, err error) {
	for i, c := range columns {
		scores[i] = math.NaN()
		cell := strings.TrimSpace(row.Cells[c])
		if cell == "" {
			continue
		}
		x, err := sheet.Number(cell)
		if err != nil {
			return scores, row.Fail(c, "%v; leave the cell empty where a test was not taken", err)
		}
		if x < 0 || x > most {
			return scores, row.Fail(c, "expected a score from 0 to %s, found %s", plain(most), sheet.Quote(cell))
		}
		scores[i] = x
	}
	return scores, nil
}

// join adds a row to a person.
func (k *seen) join(row sheet.Row, columns []int, scores [2]float64) error {
	k.rows++
	for i, have := range []*float64{&k.scores.Pre, &k.scores.Post} {
		switch {
		case math.IsNaN(scores[i]):
		case math.IsNaN(*have):
			*have, k.line[i] = scores[i], row.Line
		case *have != scores[i]:
			return row.Fail(columns[i+1], "the same person has another score, %s, in line %d", plain(*have), k.line[i])
		}
	}
	return nil
}

// gainResult is the JSON of ashar analyse gain.
type gainResult struct {
	Pre      int    `json:"n_pre"`
	Post     int    `json:"n_post"`
	Matched  int    `json:"n_matched"`
	MeanPre  figure `json:"mean_pre"`
	MeanPost figure `json:"mean_post"`
	Max      figure `json:"max"`
	SDPre    figure `json:"sd_pre"`
	SDPost   figure `json:"sd_post"`
	Hake     figure `json:"hake_class"`
	HakeMean figure `json:"hake_individual_mean"`
	Change   figure `json:"normalised_change"`
	T        struct {
		T  figure `json:"t"`
		DF figure `json:"df"`
		P  figure `json:"p"`
		CI limits `json:"ci"`
	} `json:"t"`
	DZ struct {
		Value  figure `json:"value"`
		CI     limits `json:"ci"`
		Hedges figure `json:"hedges"`
		DAv    figure `json:"d_av"`
	} `json:"dz"`
	Wilcoxon struct {
		Plus          figure `json:"w_plus"`
		Minus         figure `json:"w_minus"`
		Exact         figure `json:"p_exact"`
		Continuity    figure `json:"p_continuity"`
		RankBiserial  figure `json:"rank_biserial"`
		HodgesLehmann figure `json:"hodges_lehmann"`
	} `json:"wilcoxon"`
	Bootstrap struct {
		Seed           uint64 `json:"seed"`
		Resamples      int    `json:"resamples"`
		MeanBCa        limits `json:"mean_gain_bca"`
		MeanPercentile limits `json:"mean_gain_percentile"`
		HakeBCa        limits `json:"hake_bca"`
		HakePercentile limits `json:"hake_percentile"`
	} `json:"bootstrap"`
	Warnings []string `json:"warnings"`
}

func gainJSON(r gain.Result, more []string) gainResult {
	j := gainResult{
		Pre: r.Pre, Post: r.Post, Matched: r.Matched,
		MeanPre: figure(r.MeanPre), MeanPost: figure(r.MeanPost), Max: figure(r.Max), SDPre: figure(r.SDPre), SDPost: figure(r.SDPost),
		Hake: figure(r.Hake), HakeMean: figure(r.HakeIndividualMean), Change: figure(r.NormalisedChange),
		Warnings: warnings(r.Warnings, more...),
	}
	j.T.T, j.T.DF, j.T.P, j.T.CI = figure(r.T.T), figure(r.T.DF), figure(r.T.P), bounds(r.T.Interval)
	if r.Matched < gain.MinPairs {
		j.T.DF = figure(math.NaN())
	}
	j.DZ.Value, j.DZ.CI = figure(r.Effect.DZ), bounds(r.Effect.Interval)
	j.DZ.Hedges, j.DZ.DAv = figure(r.Effect.Hedges), figure(r.Effect.DAv)
	j.Wilcoxon.Plus, j.Wilcoxon.Minus = figure(r.Wilcoxon.Plus), figure(r.Wilcoxon.Minus)
	j.Wilcoxon.Exact, j.Wilcoxon.Continuity = figure(r.Wilcoxon.PExact), figure(r.Wilcoxon.PContinuity)
	j.Wilcoxon.RankBiserial, j.Wilcoxon.HodgesLehmann = figure(r.Wilcoxon.RankBiserial), figure(r.Wilcoxon.HodgesLehmann)
	j.Bootstrap.Seed, j.Bootstrap.Resamples = r.Bootstrap.Seed, r.Bootstrap.Resamples
	j.Bootstrap.MeanBCa, j.Bootstrap.MeanPercentile = bounds(r.Bootstrap.MeanBCa), bounds(r.Bootstrap.MeanPercentile)
	j.Bootstrap.HakeBCa, j.Bootstrap.HakePercentile = bounds(r.Bootstrap.HakeBCa), bounds(r.Bootstrap.HakePercentile)
	return j
}

func bounds(i gain.Interval) limits { return limits{i.Low, i.High} }
