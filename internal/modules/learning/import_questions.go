package learning

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/learning/bank"
	"platforma.kg/ashar/internal/modules/learning/bank/gift"
	"platforma.kg/ashar/internal/modules/learning/bank/moodle"
	"platforma.kg/ashar/internal/modules/learning/bank/qti"
)

// MostHeld bounds the questions of the bank, the retired too.
const MostHeld = 20_000

const (
	// atOnce is how many questions one transaction takes: others write between.
	atOnce = 200
	// mostTries is how often a group is tried that others bring at the same moment.
	mostTries = 5
)

// ImportQuestions is a file of questions that comes into the bank.
type ImportQuestions struct {
	Raw      []byte
	Language i18n.Language // in which it is written; empty: by its letters
	DryRun   bool          // only say what would become of it
}

// Imported is what became of a file.
type Imported struct {
	Format   string        // GIFT, Moodle XML or QTI
	Language i18n.Language // in which its questions were read
	New      int
	Changed  int // the bank had them from an earlier file, and they are others now
	Same     int // they are in the bank as they are
	Kept     int // they were changed in the bank since they came, and stay as they are there
	Left     int // not taken; Findings say why
	Findings []bank.Finding
}

// ImportFile brings the questions of a file into the bank: GIFT, Moodle XML, or QTI 2 and 3,
// an item or a package. A second time changes nothing: a question is known by all that it
// says, or by what its program calls it in its folder. One that was changed here since stays
// as it is, and is told. What is taken away from a file stays in the bank.
//
// The questions come in groups, each in a transaction of its own; a file that is cut off is
// given again. Faults: Invalid and TooLarge, as a bank.Finding, where the file cannot be read
// at all, and then nothing is taken; TooLarge where the bank is full.
func ImportFile(ctx context.Context, store *storage.Store, cmd ImportQuestions) (Imported, error) {
	format, l, read, err := readFile(cmd.Raw, cmd.Language)
	if err != nil {
		return Imported{}, err
	}
	out := Imported{Format: format, Language: l, Findings: read.Findings}
	for _, f := range read.Findings {
		if !f.Taken {
			out.Left++
		}
	}
	list := out.once(read)
	for len(list) > 0 {
		group := list[:min(len(list), atOnce)]
		list = list[len(group):]
		var took Imported
		work := func(ctx context.Context, tx *storage.Tx) error {
			took = Imported{}
			held, err := countQuestions(ctx, tx)
			if err != nil {
				return err
			}
			if cmd.DryRun {
				held += out.New // which the groups before would have brought
			}
			for _, one := range group {
				if err := took.take(ctx, tx, one, cmd.DryRun, held); err != nil {
					return err
				}
			}
			return nil
		}
		if cmd.DryRun {
			err = store.Read(ctx, work)
		} else {
			for range mostTries {
				if err = store.Write(ctx, work); !storage.IsUnique(err) {
					break // else another import has just brought one of them: it is known now
				}
			}
		}
		if err != nil {
			return out, err
		}
		out.New, out.Changed, out.Same, out.Kept = out.New+took.New, out.Changed+took.Changed, out.Same+took.Same, out.Kept+took.Kept
		out.Findings = append(out.Findings, took.Findings...)
	}
	return out, nil
}

// placed is a question with where it stands in its file.
type placed struct {
	bank.Question
	line int
}

// ref is what a question's program calls it, with its folder: programs count names anew in
// each. Empty when it has no name there.
func (p placed) ref() string {
	if p.Ref == "" {
		return ""
	}
	return p.Category + "\n" + p.Ref
}

func (p placed) finding(taken bool, key string) bank.Finding {
	return bank.Finding{Line: p.line, Question: p.Title(), Taken: taken, Fault: fault.New(fault.Conflict, key)}
}

// once leaves out what stands in a file twice. Of two that are called alike and say different
// things the second is not taken: which of them is meant is not for a program to guess.
func (out *Imported) once(read bank.Read) (list []placed) {
	traces, refs := map[string]bool{}, map[string]bool{}
	for i, q := range read.Questions {
		one := placed{q, read.Lines[i]}
		trace, ref := q.Trace(), one.ref()
		switch {
		case traces[trace]:
			out.Same++
			continue
		case ref != "" && refs[ref]:
			out.Left++
			out.Findings = append(out.Findings, one.finding(false, "learning.import.ref_twice"))
			continue
		}
		traces[trace], refs[ref] = true, true
		list = append(list, one)
	}
	return list
}

// take judges one question and, unless dry, takes it. held is how many the bank had before this
// group.
func (out *Imported) take(ctx context.Context, tx *storage.Tx, one placed, dry bool, held int) error {
	if err := one.Validate(); err != nil {
		return err
	}
	came, ref := one.Trace(), one.ref()
	known, err := keptBy(ctx, tx, came, ref)
	if err != nil {
		return err
	}
	if len(known) == 0 {
		if held+out.New >= MostHeld {
			return fault.New(fault.TooLarge, "learning.import.full", fault.Args{"most": MostHeld})
		}
		out.New++
		if dry {
			return nil
		}
		id := tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO question (id, ref, came, made_at, retired_at) VALUES ($1, $2, $3, $4, 0)`, id, ref, came, storage.Micros(tx.Now)); err != nil {
			return err
		}
		return putVersion(ctx, tx, id, 1, one.Question)
	}
	k := known[0]
	switch {
	case k.Came == came:
		out.Same++
		return nil
	case k.Trace != k.Came:
		out.Kept++
		out.Findings = append(out.Findings, one.finding(true, "learning.import.kept"))
		return nil
	}
	out.Changed++
	if dry {
		return nil
	}
	if _, err := keep(ctx, tx, k, one.Question); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE question SET came = $2 WHERE id = $1`, k.Question, came)
	return err
}

// root finds the first element of an XML file.
var root = regexp.MustCompile(`^(?:\s|<\?[^>]*\?>|<!--(?s:.*?)-->|<!DOCTYPE[^>]*>)*<([\pL_][\pL\pN_.:-]*)`)

// readFile reads a file in the format that it has. Without a language it is read in the one of
// its letters.
func readFile(raw []byte, l i18n.Language) (format string, in i18n.Language, out bank.Read, err error) {
	format, read := "GIFT", gift.Read
	head := bytes.TrimPrefix(raw[:min(len(raw), 4096)], []byte("\xef\xbb\xbf"))
	name := ""
	if m := root.FindSubmatch(head); m != nil {
		name = string(m[1])
	}
	switch {
	case name == "quiz":
		format, read = "Moodle XML", moodle.Read
	case bytes.HasPrefix(raw, []byte("PK")), strings.Contains(strings.ToLower(name), "assessment"), bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")):
		format, read = "QTI", qti.Read
	}
	in = l
	if in == "" {
		in = i18n.Russian
	}
	if out, err = read(raw, in); err != nil || l != "" {
		return format, in, out, err
	}
	if guess := spoken(out.Questions); guess != in {
		in = guess
		out, err = read(raw, in)
	}
	return format, in, out, err
}

// spoken is the language of the letters of questions: of 200 Cyrillic letters of Kyrgyz at
// least one is ң, ө or ү, and Russian has none.
func spoken(list []bank.Question) i18n.Language {
	cyrillic, kyrgyz, latin := 0, 0, 0
	for _, q := range list {
		for _, r := range q.Text.In(q.Language) {
			switch {
			case strings.ContainsRune("ңөүҢӨҮ", r):
				kyrgyz++
				cyrillic++
			case r >= 'А' && r <= 'я' || r == 'ё' || r == 'Ё':
				cyrillic++
			case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
				latin++
			}
		}
	}
	switch {
	case latin > cyrillic:
		return i18n.English
	case kyrgyz*200 >= cyrillic && kyrgyz > 0:
		return i18n.Kyrgyz
	}
	return i18n.Russian
}

// AsFinding gives what the error of an import says of the file, when it says something of it.
func AsFinding(err error) (f bank.Finding, ok bool) {
	ok = errors.As(err, &f)
	return f, ok
}
