package runsheet

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/followup"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// asked is a request of somebody for something of the activity in Osh, with where its answer goes.
func (v *room) asked(actor access.Actor, method, body string) (*web.Request, *httptest.ResponseRecorder) {
	v.t.Helper()
	texts, err := i18n.Load(v.m.Manifest().Texts)
	if err != nil {
		v.t.Fatal(err)
	}
	req := httptest.NewRequest(method, "/api", strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.SetPathValue("slug", v.osh.Slug)
	w := httptest.NewRecorder()
	return &web.Request{Request: req, W: w, Lang: i18n.English, Say: texts.Printer(i18n.English), Actor: actor}, w
}

// quiet is a room in which nobody has told what she needs.
func (v *room) quiet() {
	v.m.Lines = func(context.Context, *storage.Tx, access.Actor, seats.Activity, string, *i18n.Printer) (followup.Lines, error) {
		return followup.Lines{}, nil
	}
}

// What a phone keeps of a day are numbers and its plan: who leads a step, and what is noted for
// her, is not among it.
func TestTheDayThatAPhoneKeepsNamesNobody(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.quiet()
		list := steps(2)
		list[0].Room, list[0].Note, list[0].Lead = "Чоң зал", "Айгүл Асанованы чакыруу", v.leader()
		if err := v.set(v.lead, 0, list); err != nil {
			t.Fatal(err)
		}
		if out, err := v.press(v.lead, v.mark("one", Begin, v.plan().Steps[0], "", 0)); err != nil || out[0].Result != Kept {
			t.Fatalf("%+v %v", out, err)
		}
		r, w := v.asked(v.lead, http.MethodGet, "")
		if err := v.m.sendDay(r); err != nil {
			t.Fatal(err)
		}
		raw := w.Body.String()
		for _, secret := range []string{"Кызматкер", "Асанова", v.lead.Person.String()} {
			if strings.Contains(raw, secret) {
				t.Errorf("%s is kept: %s", secret, raw)
			}
		}
		var d doc
		if err := json.Unmarshal([]byte(raw), &d); err != nil {
			t.Fatal(err)
		}
		if !d.May || d.Plan != 1 || len(d.Steps) != 2 || d.Steps[0].Room != "Чоң зал" || len(d.Marks) != 1 || d.Marks[0].Kind != Begin || d.Until != v.osh.Ends.Add(seats.TicketGrace).UnixMilli() || d.Zone != (6*time.Hour).Milliseconds() {
			t.Errorf("%+v", d)
		}
		again, unchanged := v.asked(v.lead, http.MethodGet, "")
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		v.clock.Pass(time.Minute)
		if err := v.m.sendDay(again); err != nil || unchanged.Code != http.StatusNotModified || unchanged.Body.Len() > 0 {
			t.Errorf("a day that is the same: %d %v", unchanged.Code, err)
		}
		if heard := unchanged.Header().Get("Ashar-Time"); heard != v.clock.Now().UTC().Format("2006-01-02T15:04:05.000Z") {
			t.Errorf("the time of the house is %q", heard)
		}
		desk, w := v.asked(v.staff(access.FrontDesk), http.MethodGet, "")
		if err := v.m.sendDay(desk); err != nil || strings.Contains(w.Body.String(), `"may":true`) {
			t.Errorf("the front desk: %v %s", err, w.Body)
		}
		stranger, _ := v.asked(access.Actor{Table: v.table}, http.MethodGet, "")
		if err := v.m.sendDay(stranger); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a stranger reads the day: %v", err)
		}
	})
}

func TestMarksOfAPhoneAreAnsweredEachAndStandOnce(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		if err := v.set(v.lead, 0, steps(2)); err != nil {
			t.Fatal(err)
		}
		p := v.plan()
		send := func(actor access.Actor, body string) ([]Outcome, error) {
			t.Helper()
			r, w := v.asked(actor, http.MethodPost, body)
			if err := v.m.takeMarks(r); err != nil {
				return nil, err
			}
			var answer struct{ Results []Outcome }
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
				t.Fatal(err)
			}
			return answer.Results, nil
		}
		batch := func(marks ...any) string {
			raw, err := json.Marshal(map[string]any{"marks": marks})
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
		first := v.mark("one", Begin, p.Steps[0], "", -time.Minute)
		second := v.mark("two", Begin, p.Steps[1], first.Step, 0)
		unread := map[string]any{"nonce": "nonce-of-a-press-three", "kind": Pause, "step": first.Step, "at": "noon"}
		for _, want := range []string{Kept, Known} {
			out, err := send(v.lead, batch(second, unread, first))
			if err != nil || len(out) != 3 || out[0].Result != want || out[1].Why != "malformed" || out[2].Result != want {
				t.Fatalf("%s: %+v %v", want, out, err)
			}
		}
		if list := v.marks(); len(list) != 2 || list[0] != first || list[1] != second {
			t.Errorf("what stands: %+v", list)
		}
		for name, body := range map[string]string{"no JSON": `{"marks":[`, "no list": `{}`, "null": `{"marks":null}`, "two": `{"marks":[]}{}`} {
			if _, err := send(v.lead, body); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		many := make([]any, MostAtOnce)
		for i := range many {
			many[i] = v.mark(fmt.Sprint("many-", i), Pause, p.Steps[0], "", 0)
		}
		if out, err := send(v.lead, batch(many...)); err != nil || len(out) != MostAtOnce || out[MostAtOnce-1].Result != Kept {
			t.Errorf("as many as there may be: %d %v", len(out), err)
		}
		if _, err := send(v.lead, batch(append(many, v.mark("more", Pause, p.Steps[0], "", 0))...)); !fault.Is(err, fault.TooLarge) {
			t.Errorf("one too many: %v", err)
		}
		if n := len(v.marks()); n != 2+MostAtOnce {
			t.Errorf("%d marks stand", n)
		}
		if _, err := send(v.staff(access.FrontDesk), `{"marks":[`); !fault.Is(err, fault.Forbidden) {
			t.Errorf("what the front desk sends is read: %v", err)
		}
	})
}

// Of several days each is called by its date, by the clock of the house.
func TestTheDaysOfSeveralAreCalledByTheirDates(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.quiet()
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE activity SET ends_at = $2 WHERE id = $1`, v.osh.ID, storage.Micros(v.osh.Starts.Add(48*time.Hour)))
			return err
		})
		r, w := v.asked(v.lead, http.MethodGet, "")
		if err := v.m.sendDay(r); err != nil {
			t.Fatal(err)
		}
		var d doc
		if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		number := (d.Starts + d.Zone) / (24 * time.Hour).Milliseconds()
		for i := range int64(3) {
			if want := i18n.DayMonth(i18n.English, v.osh.Starts.AddDate(0, 0, int(i))); d.Days[fmt.Sprint(number+i)] != want {
				t.Errorf("day %d is %q, not %q", i, d.Days[fmt.Sprint(number+i)], want)
			}
		}
	})
}

// A substitute may be somebody of the house, and whose place it is may take it over on another
// phone of hers: what the phone may on this day counts where her own role gives less.
func TestAPhoneThatLeadsLeadsWhoeverHoldsIt(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.quiet()
		if err := v.set(v.lead, 0, steps(2)); err != nil {
			t.Fatal(err)
		}
		phone := storage.ID{9}
		carried := door.Keeper{}
		v.m.Phone = func(context.Context, *storage.Tx, *web.Request) (door.Keeper, error) {
			if carried.Phone.IsZero() {
				return door.Keeper{}, fault.New(fault.Unauthenticated, "seminars.fault.device")
			}
			return carried, nil
		}
		may := func(who access.Actor) bool {
			r, w := v.asked(who, http.MethodGet, "")
			if err := v.m.sendDay(r); err != nil {
				t.Fatal(err)
			}
			return strings.Contains(w.Body.String(), `"may":true`)
		}
		press := func(who access.Actor, nonce string) error {
			r, _ := v.asked(who, http.MethodPost, "do=begin&step="+v.plan().Steps[0].ID.String()+"&nonce=nonce-of-a-press-"+nonce)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return v.m.takePress(r)
		}
		desk := v.staff(access.FrontDesk)
		if may(desk) || !may(v.lead) {
			t.Error("the front desk leads, or who leads does not")
		}
		carried = door.Keeper{Device: phone.String(), Phone: phone, Activity: v.osh.ID}
		if may(desk) || !may(v.lead) {
			t.Error("a phone that only scans changes who leads")
		}
		carried.Leads = true
		if !may(desk) {
			t.Error("on the phone of a substitute the front desk does not lead")
		}
		carried.Activity = storage.ID{8}
		if may(desk) {
			t.Error("the phone of another activity leads")
		}
		carried = door.Keeper{}
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO door_handover (device_id, activity_id, of_person, leads, until_at, taken_at) VALUES ($1, $2, $3, $4, $5, $5)`,
				phone, v.osh.ID, v.lead.Person, true, storage.Micros(tx.Now))
			return err
		})
		if err := press(v.lead, "away-1"); may(v.lead) || !fault.Is(err, fault.Forbidden) {
			t.Errorf("whose place is a substitute's leads: %v", err)
		}
		carried = door.Keeper{Device: phone.String(), Phone: phone, Activity: v.osh.ID, Leads: true}
		if !may(v.lead) {
			t.Error("on the substitute's phone itself she does not lead")
		}
		if err := press(v.lead, "here-1"); err != nil || len(v.marks()) != 1 {
			t.Errorf("%d marks, %v", len(v.marks()), err)
		}
	})
}

// The plan is changed in the office while somebody leads the day with no network: what she
// pressed stands, and the day goes on from where she is.
func TestADayGoesOnWhoseStepWasTakenOutOfThePlan(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		if err := v.set(v.lead, 0, steps(3)); err != nil {
			t.Fatal(err)
		}
		list := v.plan().Steps
		first, last := list[0].ID.String(), list[2]
		if err := v.set(v.lead, 1, list[1:]); err != nil {
			t.Fatal(err)
		}
		out, err := v.press(v.lead, v.mark("one", Begin, list[0], "", 0), v.mark("two", Begin, list[1], first, time.Minute), v.mark("three", Begin, last, list[1].ID.String(), 2*time.Minute),
			Mark{Nonce: "nonce-of-a-press-four", Kind: Begin, Step: last.ID.String(), From: "x", At: v.clock.Now().UnixMilli()})
		if err != nil {
			t.Fatal(err)
		}
		var results []string
		for _, o := range out {
			results = append(results, o.Result+" "+o.Why)
		}
		if got := strings.Join(results, ", "); got != "refused step, kept , kept , refused malformed" {
			t.Error(got)
		}
		if c := CourseOf(v.plan().planned(v.osh.Starts.UnixMilli()), v.marks()); c.Now != last.ID.String() || c.Runs[list[1].ID.String()].Began == 0 {
			t.Errorf("%+v", c)
		}
	})
}
