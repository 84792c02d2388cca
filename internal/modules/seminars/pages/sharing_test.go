package pages

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// household applies as five: Ainura and Bakyt share a phone, Bakyt and Chynara an
// address, the others nothing. Those who share do not apply one after the other.
func (s stage) household() map[string]seats.Application {
	s.t.Helper()
	out := map[string]seats.Application{}
	for _, v := range [][3]string{
		{"Ainura", "ainura@example.kg", "0555 12 34 56"},
		{"Daniyar", "daniyar@example.kg", "0700 11 22 33"},
		{"Bakyt", "family@example.kg", "+996 555 123456"},
		{"Emil", "emil@example.kg", ""},
		{"Chynara", "FAMILY@example.kg", ""},
	} {
		s.pass(time.Minute)
		out[v[0]], _ = s.apply(s.browser(), "q_name", v[0], "q_email", v[1], "q_phone", v[2])
	}
	return out
}

// list gives the names of the applicants in their order, with how many share with each.
func (s stage) list() (out []string) {
	s.t.Helper()
	write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
		list, err := s.m.Applicants(ctx, tx, s.coordinator("osh"), s.a)
		out = nil
		for _, a := range list {
			if a.Group.IsZero() != (a.Sharers == 0) {
				s.t.Errorf("%s has a group: %v, and %d share", a.Details.FullName, !a.Group.IsZero(), a.Sharers)
			}
			out = append(out, fmt.Sprintf("%s %d", a.Details.FullName, a.Sharers))
		}
		return err
	})
	return out
}

// groups gives who has which number in the column of the export.
func (s stage) groups() map[string]string {
	s.t.Helper()
	b := &browser{t: s.t, base: s.url, staff: true}
	_, page, _ := b.do("GET", "/en/staff/seminars/osh/applicants", nil)
	status, table, _ := b.do("POST", "/en/staff/seminars/osh/export", url.Values{"format": {"csv"}, "form_token": {tokenOf(page)}})
	if status != http.StatusOK {
		s.t.Fatalf("the export: %d %.300s", status, table)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\ufeff"))).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	name, group := slices.Index(rows[0], "Name"), slices.Index(rows[0], "Same contact")
	if name < 0 || group < 0 || !slices.Contains(rows[0], "id") {
		s.t.Fatalf("the columns are %q", rows[0])
	}
	out := map[string]string{}
	for _, row := range rows[1:] {
		out[row[name]] = row[group]
	}
	return out
}

func (s stage) apart(city string, a seats.Activity, apps ...seats.Application) error {
	s.t.Helper()
	return s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		cmd := seats.Apart{Activity: a.ID, Actor: s.coordinator(city)}
		for _, app := range apps {
			cmd.Applications = append(cmd.Applications, app.ID.String())
		}
		return s.m.KeepApart(ctx, tx, cmd)
	})
}

func TestApplicationsThatShareAContactStandTogetherUntilStaffPartThem(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		of := s.household()
		together := []string{"Ainura 3", "Bakyt 3", "Chynara 3", "Daniyar 0", "Emil 0"}
		if got := s.list(); !slices.Equal(got, together) {
			s.t.Errorf("the list is %q", got)
		}
		if got := s.groups(); got["Ainura"] == "" || got["Ainura"] != got["Bakyt"] || got["Bakyt"] != got["Chynara"] || got["Daniyar"]+got["Emil"] != "" {
			s.t.Errorf("the column is %q", got)
		}
		staff := &browser{t: s.t, base: s.url, staff: true}
		_, page, _ := staff.do("GET", "/en/staff/seminars/osh/applicants", nil)
		if !strings.Contains(page, "same contact as others: 2") || !strings.Contains(page, "The selected are different people") {
			s.t.Error("the page does not show who shares a contact")
		}
		// By the page, as a coordinator does it.
		chosen := url.Values{"form_token": {tokenOf(page)}, "chosen": {of["Ainura"].ID.String() + ".1", of["Bakyt"].ID.String() + ".7"}}
		if status, page, _ := staff.do("POST", "/en/staff/seminars/osh/apart", chosen); status != http.StatusSeeOther {
			s.t.Fatalf("parting them: %d %.300s", status, page)
		}
		if got := s.list(); !slices.Equal(got, []string{"Ainura 0", "Daniyar 0", "Bakyt 2", "Chynara 2", "Emil 0"}) {
			s.t.Errorf("the first two parted, the list is %q", got)
		}
		if got := s.groups(); got["Ainura"] != "" || got["Bakyt"] == "" || got["Bakyt"] != got["Chynara"] {
			s.t.Errorf("the first two parted, the column is %q", got)
		}
		for range 2 { // said twice it is as true
			if err := s.apart("osh", s.a, of["Chynara"], of["Bakyt"], of["Ainura"]); err != nil {
				s.t.Fatal(err)
			}
		}
		if got := s.list(); !slices.Equal(got, []string{"Ainura 0", "Daniyar 0", "Bakyt 0", "Emil 0", "Chynara 0"}) {
			s.t.Errorf("all parted, the list is %q", got)
		}
		_, page, _ = staff.do("GET", "/en/staff/seminars/osh/applicants", nil)
		if strings.Contains(page, "The selected are different people") {
			s.t.Error("the page still offers to part them")
		}
	})
}

func TestOnlyStaffOfThePlacePartApplicantsAndOnlyOfTheirActivity(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		of := s.household()
		naryn := s.twoTowns()
		before := s.rows()
		if err := s.apart("naryn", s.a, of["Ainura"], of["Bakyt"]); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("a coordinator of Naryn: %v", err)
		}
		if err := s.apart("", naryn, of["Ainura"], of["Bakyt"]); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("applications of another activity: %v", err)
		}
		if err := s.apart("osh", s.a, of["Ainura"]); !fault.Is(err, fault.Invalid) {
			s.t.Errorf("one alone: %v", err)
		}
		many := make([]seats.Application, 21)
		if err := s.apart("osh", s.a, many...); !fault.Is(err, fault.Invalid) {
			s.t.Errorf("twenty-one: %v", err)
		}
		if err := s.apart("osh", s.a, of["Ainura"], seats.Application{ID: storage.RandomID(start)}); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("one that is not there: %v", err)
		}
		for as, want := range map[string]int{"facilitator osh": http.StatusForbidden, "coordinator naryn": http.StatusForbidden} {
			b := &browser{t: s.t, base: s.url, as: as}
			_, page, _ := b.do("GET", "/en/staff/seminars/naryn/applicants", nil)
			if status, _, _ := b.do("POST", "/en/staff/seminars/osh/apart", url.Values{"form_token": {tokenOf(page)}, "chosen": {of["Ainura"].ID.String() + ".1", of["Bakyt"].ID.String() + ".1"}}); status != want {
				s.t.Errorf("%s: %d", as, status)
			}
		}
		if more := s.added(before); len(more) > 0 {
			s.t.Errorf("refused, and yet %v", more)
		}
		if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Applicants(ctx, tx, access.Actor{}, s.a)
			return err
		}); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("nobody lists them: %v", err)
		}
	})
}
