package pages

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// listed gives what a list tells of people, a line each.
func listed(t *testing.T, store *storage.Store, svc *people.Service) (lines []string) {
	t.Helper()
	if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := svc.Search(ctx, tx, people.Query{})
		for _, p := range list {
			lines = append(lines, strings.Join([]string{
				p.FullName, p.Phone, p.Email, p.Sex, p.AgeBand, p.City, p.Village, p.Group, p.Level, p.Organisation, p.AccessNeeds,
			}, "|"))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

func TestTheImportReadsTheExportBackInThreeLanguages(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		for _, d := range []people.Details{
			{
				FullName: "Асанова Айгүл Бековна", Phone: "+996555200211", Email: "aya@example.kg", Sex: "female", AgeBand: "14-17", City: "osh", Group: "deputies", Level: "village",
				Organisation: "=КФ; \"Жаңы доор\", Ош",
			},
			{FullName: "Бека уулу Бакыт", Phone: "+79123456789", Sex: "male", AgeBand: "18-24", City: "naryn", Group: "activists", AccessNeeds: "-рампа +жардам;@а ＝1"},
			{FullName: "Чая", Email: "chaya@example.kg", Sex: "undisclosed", AgeBand: "35-44", City: profile.Other, Village: "Кара-Суу", Group: "media"},
			{FullName: "Дая О'Донова", Email: "daya@example.kg", Sex: "female", AgeBand: "60+", City: "osh", Group: "other"},
			{FullName: "Ева-Мария Ким", Email: "eva@example.kg", Sex: "female", AgeBand: "45-59", City: "osh", Group: "deputies", Level: "jogorku"},
		} {
			s.pass(time.Minute)
			app, _ := s.apply(s.browser(), "q_name", d.FullName, "q_email", "x@example.kg")
			write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
				p, err := s.m.People.ByID(ctx, tx, app.Person)
				if err != nil {
					return err
				}
				d.Lang = p.Lang
				return s.m.People.Update(ctx, tx, p.ID, d)
			})
		}
		want := listed(s.t, s.m.Store, s.m.People)
		if len(want) != 5 {
			s.t.Fatalf("%d people: %q", len(want), want)
		}
		for _, l := range []string{"ky", "ru", "en"} {
			for _, format := range []string{"csv", "xlsx"} {
				b := &browser{t: s.t, base: s.url, staff: true}
				_, page, _ := b.do("GET", "/"+l+"/staff/seminars/osh/applicants", nil)
				status, table, _ := b.do("POST", "/"+l+"/staff/seminars/osh/export", url.Values{"format": {format}, "form_token": {tokenOf(page)}})
				if status != http.StatusOK {
					s.t.Fatalf("%s %s: %d", l, format, status)
				}
				store := storagetest.Open(s.t)
				keys, err := seal.New(bytes.Repeat([]byte{9}, seal.SecretLen))
				if err != nil {
					s.t.Fatal(err)
				}
				other := people.New(people.Options{Keys: keys, Store: store, Book: profile.NewBook(store)})
				rep, err := other.ImportFile(s.t.Context(), store, strings.NewReader(table), "list."+format, false)
				if err != nil || rep.Added != 5 || rep.Rows != 5 {
					s.t.Errorf("%s %s: %+v, %v", l, format, rep, err)
				}
				if got := listed(s.t, store, other); fmt.Sprint(got) != fmt.Sprint(want) {
					s.t.Errorf("%s %s:\n%q, want\n%q", l, format, got, want)
				}
			}
		}
	})
}
