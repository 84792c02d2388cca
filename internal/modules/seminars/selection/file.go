package selection

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/science/lottery"
)

// listFile is the list of a draw without names, as `ashar select` reads it: a lot, whether
// she had a seat already, with whom she belongs together, and for each quota whether it
// counts her.
func listFile(r Rules, lots []boxed) ([]byte, error) {
	var out bytes.Buffer
	w := sheet.Exchange(&out)
	head := []string{"id", "selected", "together"}
	for _, q := range r.Quotas {
		head = append(head, q.name())
	}
	party := slices.ContainsFunc(lots, func(l boxed) bool { return l.Party > 0 })
	if party { // a list without pairs stays as it was
		head = append(head, "party")
	}
	rows := [][]string{head}
	for i, l := range lots {
		row := make([]string, len(head))
		row[0] = lotID(i + 1)
		if l.Kept {
			row[1] = yes
		}
		if l.Home > 0 {
			row[2] = strconv.Itoa(l.Home)
		}
		for _, q := range l.Quotas {
			row[3+q] = yes
		}
		if l.Party > 0 {
			row[len(row)-1] = strconv.Itoa(l.Party)
		}
		rows = append(rows, row)
	}
	err := w.WriteAll(rows)
	return out.Bytes(), err
}

// quotaFile is the rules of a draw, as `ashar select` reads them.
func quotaFile(r Rules) ([]byte, error) {
	var out bytes.Buffer
	w := sheet.Exchange(&out)
	rows := [][]string{{"category", "value", "min", "max"}}
	for _, q := range r.Quotas {
		most := ""
		if q.Max != lottery.NoLimit {
			most = strconv.Itoa(q.Max)
		}
		rows = append(rows, []string{q.name(), yes, strconv.Itoa(q.Min), most})
	}
	err := w.WriteAll(rows)
	return out.Bytes(), err
}

// Files give what a draw can be repeated from.
type Files struct {
	Draw         Draw
	List, Quotas []byte
	Command      string // of `ashar select`
}

// Files gives the files of the draw with a number. That they were taken is noted.
//
// Faults: Forbidden; NotFound when there is no such draw.
func (m *Service) Files(ctx context.Context, tx *storage.Tx, actor may, activity storage.ID, number int) (f Files, err error) {
	a, err := m.ActivityByID(ctx, tx, activity)
	if err != nil {
		return f, err
	}
	if err := allowed(actor, a); err != nil {
		return f, err
	}
	draws, err := drawsOf(ctx, tx, a.ID)
	if err != nil {
		return f, err
	}
	for _, d := range draws {
		if d.Number != number {
			continue
		}
		f.Draw = d
		lots, err := m.openBox(d)
		if err != nil {
			return f, err
		}
		if f.List, err = listFile(d.Rules, lots); err != nil {
			return f, err
		}
		if f.Quotas, err = quotaFile(d.Rules); err != nil {
			return f, err
		}
		f.Command = Command(d)
		return f, audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.draw_files", Object: a.ID})
	}
	return f, fault.New(fault.NotFound, "seminars.selection.fault.draw")
}

// Command repeats a draw from its files.
func Command(d Draw) string {
	out := "ashar select list.csv --seats " + strconv.Itoa(min(d.Rules.Seats, d.Lots)) + " --quotas quotas.csv --selected selected"
	if d.Rules.AtMost > 0 {
		out += " --household together --at-most " + strconv.Itoa(d.Rules.AtMost)
	}
	if d.Pairs {
		out += " --party party"
	}
	out += " --effort " + strconv.FormatInt(d.Effort, 10)
	return out + " --seed '" + strings.ReplaceAll(d.Seed, "'", `'\''`) + "'"
}
