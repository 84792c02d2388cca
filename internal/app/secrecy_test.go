package app

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// hidden is an activity by invitation whose every word would be recognised.
func hidden(h bare) programme.Activity {
	like := h.activity("activists-osh")
	same := func(s string) i18n.Text { return i18n.Text{Ky: s, Ru: s, En: s} }
	starts := time.Date(2031, 7, 13, 13, 37, 0, 0, i18n.Bishkek())
	return programme.Activity{
		Programme: like.Programme, Slug: "jashyruun-naryn", Kind: programme.Seminar, State: programme.Published, City: "naryn",
		Title: same("Жашыруунжыйын"), Summary: same("Жашыруункыскача"), Description: same("Жашыруунмазмун"),
		Venue: same("Жашыруунимарат"), Address: same("Жашыруункөчө 777"), Directions: same("Жашыруунжол"),
		Lat: 41.98765, Lon: 74.12345, Starts: starts, Ends: starts.Add(136 * time.Minute), Opens: h.now.Add(-time.Hour), Deadline: starts.AddDate(0, 0, -2),
		Capacity: 7, Group: "other", InvitationOnly: true, Languages: []string{"ky"},
		Agenda: []programme.Session{{At: "13:41", Minutes: 71, Title: same("Жашыруунсессия"), Speaker: same("Жашыруунсүйлөөчү")}},
	}
}

// told are the words by which strangers would know the hidden activity: its own,
// and its day and hours in every form in which the site writes them.
func told(a programme.Activity) (words []string) {
	words = []string{"Жашыруун", "жашыруун", "41.98765", "74.12345", "20310713", "13:41", "T0737", "T0953"}
	for _, at := range []time.Time{a.Starts, a.Ends} {
		words = append(words, at.Format("15:04"), at.UTC().Format("15:04"), at.Format(time.RFC3339), at.Format("2006-01-02T"))
		for _, l := range i18n.Languages {
			words = append(words, i18n.Date(l, at), i18n.DayMonth(l, at), i18n.DateLong(l, at), i18n.DateShort(l, at))
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func toldIn(body string, a programme.Activity) (out []string) {
	body = strings.ReplaceAll(body, "\u00a0", " ")
	for _, w := range told(a) {
		if strings.Contains(body, w) {
			out = append(out, w)
		}
	}
	return out
}

// address is what a visitor asks for, and in which language.
type address struct{ path, lang string }

// publicAddresses are all that anybody may ask for, with what a visitor could
// add: for the slug, for another activity, and with each of the known ids and tokens.
func publicAddresses(t *testing.T, h bare, slug string, known map[string][]string) (all []address) {
	t.Helper()
	other := h.upcoming("").Slug
	queries := []string{"", "?month=2031-07", "?city=naryn&group=other", "?lang=ru&step=1&when=past&q=аб&done=12345678"}
	for _, route := range h.Routes() {
		if route.Needs != access.Public || route.Method != http.MethodGet {
			continue
		}
		var paths []string
		for _, s := range []string{slug, other} {
			for i := range max(len(known["token"]), len(known["id"])) {
				values := map[string]string{"slug": s, "token": known["token"][i%len(known["token"])], "id": known["id"][i%len(known["id"])]}
				if p := fillWith(t, route.Pattern, values); !slices.Contains(paths, p) {
					paths = append(paths, p)
				}
			}
		}
		more := queries
		if route.Rate.Count > 0 { // asked more often, it would refuse
			more = more[:1]
		}
		for _, p := range paths {
			for _, q := range more {
				for _, l := range i18n.Languages {
					if route.Raw {
						all = append(all, address{p + q, string(l)})
					} else {
						all = append(all, address{"/" + string(l) + p + q, string(l)})
					}
				}
			}
		}
	}
	return all
}

// formToken is of the browser's own session, masked anew in each form.
var formToken = regexp.MustCompile(`name="form_token" value="[^"]*"`)

// draftMark is of the browser's own draft, another in each.
var draftMark = regexp.MustCompile(`name="draft" value="[^"]*"`)

// soughtMark is what was sought, sealed anew in the links of each answer, at one length.
var soughtMark = regexp.MustCompile(`find=[A-Za-z0-9_%-]+`)

// answers asks all addresses and gives what each said, without what differs in
// every answer.
func answers(b *browser, all []address) map[address]string {
	out := map[address]string{}
	for _, a := range all {
		status, body, header := b.do(http.MethodGet, a.path, nil)
		body = soughtMark.ReplaceAllString(draftMark.ReplaceAllString(formToken.ReplaceAllString(body, ""), ""), "")
		out[a] = fmt.Sprint(status, " ", header.Get("Location"), " ", header.Get("Content-Disposition"), " ", header.Get("Content-Type"), "\n", body)
	}
	return out
}

// TestWhatIsByInvitationLeavesNoTraceForStrangers asks every public address of
// the house before and after an activity by invitation is planted: all answers
// are the same to the byte, for a stranger and for somebody who is signed in and
// was not invited, and what is asked of the activity itself is what is said of
// one that never was.
func TestWhatIsByInvitationLeavesNoTraceForStrangers(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		a := hidden(h)
		later, planted := a.Starts, a // its words are those of the day on which it was planted
		never := strings.Repeat("x", len(a.Slug))
		guest := h.person("Асанова Айгүл", "osh")
		open := h.upcoming("")
		var link, material string
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			// An ordinary guest with a link and a page of her own.
			app, err := h.rooms.seminars.Invite(ctx, tx, seats.Invite{
				Activity: open.ID, Actor: h.everywhere(access.Coordinator),
				Details: people.Details{FullName: "Асанова Айгүл", Email: addressOf("Асанова Айгүл"), Phone: "+996555000111", Sex: "female", Lang: i18n.Kyrgyz},
			})
			if err != nil {
				return err
			}
			token, err := h.rooms.people.NewLink(ctx, tx, people.Link{Person: app.Person, Purpose: "seminars.application", Ref: app.ID})
			link = token
			return err
		})
		unknownID := storage.RandomID(h.now).String()
		known := map[string][]string{"token": {link, "nonsense", "x"}, "id": {unknownID}}
		readers := map[string]*browser{"a stranger": h.signIn(storage.ID{}), "a guest of another activity": h.signIn(guest)}
		before := map[string]map[address]string{}
		none := publicAddresses(t, h, never, known)
		for who, b := range readers {
			before[who] = answers(b, none)
		}

		h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			if a, err = programme.Insert(ctx, tx, a); err != nil {
				return err
			}
			m, err := h.rooms.materials.Add(ctx, tx, materials.Add{
				Actor: h.everywhere(access.Coordinator), Shelf: materials.Shelf{Activity: a.ID}, Name: "жашыруунпрограмма.pdf", Audience: materials.ForAll, Language: "ky",
				Kept: materials.Kept{File: "materials/lost.pdf", Type: "application/pdf", Size: 1, Digest: strings.Repeat("0", 64)},
			})
			material = m.ID.String()
			return err
		})
		known["id"] = []string{material}
		compare := func() (differ []string) {
			t.Helper()
			for who, b := range readers {
				own := publicAddresses(t, h, a.Slug, known)
				for at, now := range answers(b, own) {
					as := address{strings.NewReplacer(a.Slug, never, material, unknownID).Replace(at.path), at.lang}
					then, asked := before[who][as]
					now = strings.NewReplacer(a.Slug, never, material, unknownID).Replace(now)
					if !asked {
						t.Errorf("%s: %s was not asked before", who, as.path)
					}
					if now != then {
						differ = append(differ, who+" sees "+at.path)
					}
					if words := toldIn(now, planted); len(words) > 0 {
						differ = append(differ, fmt.Sprintf("%s reads %q in %s", who, words, at.path))
					}
				}
			}
			slices.Sort(differ)
			return differ
		}
		if got := compare(); len(got) > 0 {
			t.Errorf("%d traces of the activity by invitation, the first: %s", len(got), strings.Join(got[:min(len(got), 20)], "\n"))
		}

		change := func(f func(a *programme.Activity)) {
			h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				f(&a)
				a, err = programme.Update(ctx, tx, a)
				return err
			})
		}
		// Called off, and the next thing that happens in its city, it is as little to be seen.
		change(func(a *programme.Activity) {
			a.State, a.Reason = programme.Cancelled, i18n.Text{Ky: "Жашыруунсебеп"}
			a.Starts, a.Ends = h.now.Add(26*time.Hour), h.now.Add(28*time.Hour)
		})
		if got := compare(); len(got) > 0 {
			t.Errorf("called off it shows: %s", strings.Join(got[:min(len(got), 20)], "\n"))
		}

		// The test can fail: open to everybody it is seen wherever it could be.
		change(func(a *programme.Activity) {
			a.State, a.InvitationOnly = programme.Published, false
			a.Starts, a.Ends = h.now.Add(26*time.Hour), h.now.Add(28*time.Hour)
		})
		seen := strings.Join(compare(), "\n") + "\n"
		for _, path := range []string{"/ky/", "/ru/events/map?city=naryn&group=other"} {
			if !strings.Contains(seen, "a stranger sees "+path+"\n") {
				t.Errorf("open to everybody it is not seen in %s: the test proves nothing there: %s", path, seen[:min(len(seen), 2000)])
			}
		}
		change(func(a *programme.Activity) { a.Starts, a.Ends = later, later.Add(136*time.Minute) })
		seen = strings.Join(compare(), "\n") + "\n"
		for _, path := range []string{
			"/ky/events", "/ru/events/month?month=2031-07", "/en/events/map?city=naryn&group=other", "/calendar.ics", "/sitemap.xml", "/ky/events/" + a.Slug, "/events/" + a.Slug + ".ics",
			"/events/" + a.Slug + "/share.png", "/en/events/" + a.Slug + "/apply", "/ky/events/" + a.Slug + "/applied", "/ky/materials/" + material,
		} {
			if !strings.Contains(seen, "a stranger sees "+path+"\n") {
				t.Errorf("open to everybody it is not seen in %s: the test proves nothing there", path)
			}
		}
	})
}

// everywhere is an actor with a role that holds everywhere.
func (h bare) everywhere(role access.Role) access.Actor {
	return access.Actor{Person: storage.ID{1}, Grants: []access.Grant{{Role: role}}, Table: h.table}
}

func TestWhoWasInvitedSeesWhenAndWhereAndWhoWasNotDoesNot(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		a := hidden(h)
		guest, declined, other := h.person("Асанова Айгүл", "naryn"), h.person("Токтосунова Бермет", "naryn"), h.person("Эсенова Чолпон", "naryn")
		staff := func(role access.Role, at access.Scope) *browser {
			return h.signIn(h.person("Кызматкер "+string(role)+" "+at.City, at.City, access.Grant{Role: role, Scope: at}))
		}
		var link string
		h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			if a, err = programme.Insert(ctx, tx, a); err != nil {
				return err
			}
			for _, who := range []struct {
				name string
				id   storage.ID
			}{{"Асанова Айгүл", guest}, {"Токтосунова Бермет", declined}} {
				p, err := h.rooms.people.ByID(ctx, tx, who.id)
				if err != nil {
					return err
				}
				app, err := h.rooms.seminars.Invite(ctx, tx, seats.Invite{Activity: a.ID, Actor: h.everywhere(access.Coordinator), Person: p.ID})
				if err != nil {
					return err
				}
				if app.Person != who.id {
					t.Errorf("another record was invited than that of %s", who.name)
				}
				if who.id == declined {
					_, err = h.rooms.seminars.Choose(ctx, tx, seats.Choose{
						Activity: a.ID, Actor: h.everywhere(access.Coordinator), To: seats.Declined, Why: "Орун жетпейт", Seen: map[storage.ID]int64{app.ID: app.Version},
					})
					return err
				}
				if _, err := h.rooms.seminars.Answer(ctx, tx, app.ID, seats.SayYes); err != nil {
					return err
				}
				link, err = h.rooms.people.NewLink(ctx, tx, people.Link{Person: app.Person, Purpose: "seminars.invitation", Ref: app.ID})
				if err != nil {
					return err
				}
			}
			return nil
		})
		page, feed := "/ky/events/"+a.Slug, "/events/"+a.Slug+".ics"
		for who, c := range map[string]struct {
			b    *browser
			sees bool
		}{
			"the guest":                     {h.signIn(guest), true},
			"who was taken off the list":    {h.signIn(declined), false},
			"who was not invited":           {h.signIn(other), false},
			"a stranger":                    {h.signIn(storage.ID{}), false},
			"the coordinator of Naryn":      {staff(access.Coordinator, access.Scope{City: "naryn"}), true},
			"the facilitator of it":         {staff(access.Facilitator, access.Scope{Activity: a.ID}), true},
			"the front desk of Naryn":       {staff(access.FrontDesk, access.Scope{City: "naryn"}), true},
			"the coordinator of Osh":        {staff(access.Coordinator, access.Scope{City: "osh"}), false},
			"the facilitator of Osh":        {staff(access.Facilitator, access.Scope{City: "osh"}), false},
			"the donor, who has no seminar": {staff(access.Donor, access.Scope{}), false},
		} {
			for _, path := range []string{page, feed} {
				status, body, header := c.b.do(http.MethodGet, path, nil)
				words := toldIn(body, a)
				if c.sees && (status != http.StatusOK || len(words) < 3) {
					t.Errorf("%s sees nothing in %s: %d %q", who, path, status, words)
				}
				if !c.sees && (status != http.StatusNotFound || len(words) > 0) {
					t.Errorf("%s sees %q in %s, %d", who, words, path, status)
				}
				if keep := header.Get("Cache-Control"); c.sees && !strings.Contains(keep, "no-store") {
					t.Errorf("%s may be kept by others: %q", path, keep)
				}
			}
		}
		// A letter's link and the ticket need no session and tell all.
		stranger := h.signIn(storage.ID{})
		status, mine, _ := stranger.do(http.MethodGet, "/ky/i/"+link, nil)
		for _, w := range []string{i18n.DateLong(i18n.Kyrgyz, a.Starts), "Жашыруунимарат", "Жашыруункөчө 777", "Жашыруунсессия", "Жашыруунжол"} {
			if status != http.StatusOK || !strings.Contains(mine, w) {
				t.Errorf("her link does not tell %q: %d", w, status)
			}
		}
		if strings.Contains(mine, `"`+page+`"`) {
			t.Error("her page leads to one that she cannot open")
		}
		_, ticket, found := strings.Cut(mine, `href="/ky/tickets/`)
		ticket, _, _ = strings.Cut(ticket, `"`)
		if !found {
			t.Fatal("no ticket")
		}
		for path, words := range map[string][]string{
			"/ky/tickets/" + ticket: {"Жашыруунимарат", "Жашыруунсессия", "/ky/tickets/" + ticket + ".ics"}, "/ky/tickets/" + ticket + ".ics": {"DTSTART:20310713T073700Z", "GEO:41.98765"},
		} {
			status, body, _ := stranger.do(http.MethodGet, path, nil)
			for _, w := range words {
				if status != http.StatusOK || !strings.Contains(body, w) {
					t.Errorf("%s does not tell %q: %d", path, w, status)
				}
			}
		}
	})
}
