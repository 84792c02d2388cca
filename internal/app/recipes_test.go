package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/followup"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/runsheet"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme/lists"
)

// recipe says how a route is asked so that who may gets what she asked for.
type recipe struct {
	today bool   // the activity is on
	page  string // the page whose form is sent, as who may everything sees it; empty for none
	own   bool   // the page is that of who asks
	query string // of the address
	form  func(c *set) url.Values
	body  func(c *set) (kind string, body []byte)
	// want is what who may gets when it is neither 200 nor 303, with the reason.
	want int
	// nobody is what somebody who is not signed in gets, where it is not the same.
	nobody int
	// person is what somebody who is signed in gets, where it is for a browser alone.
	person int
	// leads is where who may is led on to, where it looks like a refusal.
	leads string
	why   string
}

// expects tells what somebody who may gets; 0 for the page, or being led on.
func (r recipe) expects(who *guest) int {
	switch {
	case who.person.IsZero() && r.nobody != 0:
		return r.nobody
	case !who.person.IsZero() && r.person != 0:
		return r.person
	}
	return r.want
}

func fixed(pairs ...string) func(*set) url.Values {
	return func(*set) url.Values {
		f := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Add(pairs[i], pairs[i+1])
		}
		return f
	}
}

const noKey = "only a passkey can answer, and the answer here is none; the room of people asks with keys in software"

// moreAnswers is what is sent to the questions after a yes.
func (c *set) moreAnswers() url.Values {
	c.asksMore()
	f := url.Values{"version": {"0"}, "form": {"usual"}, "q_food": {"2"}, "photo_mark": {"none " + c.rooms.people.WordingVersion(people.ForPhoto)}}
	for _, q := range followup.Ready(1) {
		f.Add("shown", q.Key)
	}
	return f
}

// cityForm is the form of a new city, named by a word that nothing else has.
func cityForm(word string) url.Values {
	f := url.Values{"iso": {"KG-C"}, "lat": {"42.8142"}, "lon": {"73.8481"}, "from_0": {""}}
	for _, l := range []string{"ky", "ru", "en"} {
		f.Set("name_0_"+l, "Kara "+word)
		f.Set("in_0_"+l, "in Kara "+word)
	}
	return f
}

// recipes are all acts, and the few pages that need something besides a real object.
var recipes = map[string]recipe{
	"POST /_style/{part}":       {form: fixed()},
	"POST /a/{token}":           {form: fixed("reply", "confirm")},
	"POST /i/{token}":           {form: fixed("reply", "confirm")},
	"POST /a/{token}/more":      {form: func(c *set) url.Values { return c.moreAnswers() }},
	"POST /i/{token}/more":      {form: func(c *set) url.Values { return c.moreAnswers() }},
	"POST /tickets/{token}.pdf": {page: "/tickets/{token}", form: fixed("name", "Айгүл Асанова")},
	"POST /api/v1/checkins": {today: true, body: func(c *set) (string, []byte) {
		body, _ := json.Marshal(map[string]any{"device": "a phone", "scans": []map[string]any{{"nonce": c.at.Slug, "code": "none", "event": c.at.Slug, "at": c.now.Format("2006-01-02T15:04:05Z07:00"), "kind": "in"}}})
		return "application/json", body
	}},
	"POST /contact/undo/{token}":   {form: fixed(), leads: "/ky/sign-in", why: "whatever was added meanwhile has ended, so she signs in anew"},
	"GET /api/v1/door/{slug}/pack": {today: true},
	"GET /door/{slug}":             {today: true},
	"GET /door/{slug}/walk-in":     {today: true},
	"GET /door/{slug}/give":        {today: true},
	"POST /door/{slug}/give": {today: true, body: func(c *set) (string, []byte) {
		box, _ := offline.CloseBox(c.rooms.seminars.BoxOf(c.at), "parcel 1", []byte(`{"by":"0123456789abcdef","scans":[]}`))
		p := door.Parcel{Version: door.ParcelVersion, Event: c.at.Slug, Boxes: []string{box}}
		p.Sum = door.SumOf(p)
		raw, _ := json.Marshal(p)
		return c.who.parcel("file", "ashar.json", raw, nil)
	}},
	"POST /door/{slug}": {today: true, form: func(c *set) url.Values {
		return url.Values{"nonce": {"one-" + c.at.Slug}, "kind": {"in"}, "application": {c.application.String()}}
	}},
	"POST /door/{slug}/walk-in": {today: true, page: "/door/{slug}/walk-in", form: fixed("q_name", "Токтосунова Бермет", "q_sex", "female", "q_processing", "on")},
	"POST /door/{slug}/phones":  {today: true, form: fixed("name", "Телефон")},
	"POST /events/{slug}/apply": {page: "/events/{slug}/apply", own: true, form: func(c *set) url.Values {
		return url.Values{"q_name": {"Токтосунова Бермет"}, "q_email": {"bermet-" + c.at.Slug + "@example.org"}, "q_processing": {"on"}}
	}},
	"POST /events/{slug}/companion/{token}": {form: fixed()},
	"GET /staff/seminars/{slug}/signed/key": {today: true},
	"POST /staff/seminars/{slug}/conflicts": {today: true, form: func(c *set) url.Values {
		return url.Values{"kind": {"codes"}, "choice": {"seen"}, "subject": {c.strayCode().String()}}
	}},
	"GET /numbers/facts": {query: "?count=seminars.invited"},
	"POST /import/people": {body: func(c *set) (string, []byte) {
		return c.who.parcel("file", "people.csv", []byte("аты-жөнү,email\nТолкун Жаңыева,tolkun@example.org\n"), nil)
	}},
	"POST /import/people/{id}":        {form: fixed()},
	"POST /import/people/{id}/table":  {form: fixed()},
	"POST /invitation/{token}":        {form: fixed(), nobody: http.StatusForbidden, why: "the button accepts for who has a passkey; everybody else makes one with the link"},
	"POST /invitation/{token}/begin":  {form: fixed()},
	"POST /invitation/{token}/finish": {form: fixed(), want: http.StatusForbidden, why: noKey},
	"POST /me/passkeys/begin":         {form: fixed()},
	"POST /me/passkeys/finish":        {form: fixed(), want: http.StatusForbidden, why: noKey},
	"POST /sign-in/passkey/begin":     {form: fixed()},
	"POST /sign-in/passkey/finish":    {form: fixed(), want: http.StatusForbidden, why: noKey},
	"POST /me/passkeys/{id}":          {form: fixed()},
	"POST /me/oidc/{id}":              {form: fixed()},
	"GET /me/oidc":                    {want: http.StatusNotFound, why: "no issuer is set up in this house"},
	"GET /sign-in/oidc":               {want: http.StatusNotFound, why: "no issuer is set up in this house"},
	"GET /sign-in/oidc/back":          {want: http.StatusNotFound, why: "no issuer is set up in this house"},
	"POST /me/consents": {form: func(c *set) url.Values {
		return url.Values{"purpose": {people.ForNewsletter}, "shown": {people.ForNewsletter + " " + c.rooms.people.WordingVersion(people.ForNewsletter)}}
	}},
	"POST /me/edit": {page: "/me/edit", own: true},
	"POST /me/contacts": {form: func(c *set) url.Values {
		return url.Values{"email": {"new-" + c.at.Slug + "@example.org"}, "shown": c.contacts()}
	}},
	"POST /me/erase":             {form: fixed("word", "ӨЧҮРҮҮ")},
	"POST /me/export":            {form: fixed("format", "json")},
	"POST /me/sessions":          {form: fixed()},
	"POST /me/sessions/{id}":     {form: fixed("device", "Менин телефонум")},
	"POST /my/applications/{id}": {form: fixed("reply", "confirm")},
	"POST /my/applications/{id}/answers": {form: func(c *set) url.Values {
		version := int64(1)
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			err := tx.QueryRow(ctx, `SELECT version FROM application WHERE person_id = $1 ORDER BY made_at DESC, id DESC LIMIT 1`, c.self).Scan(&version)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			return err
		})
		return url.Values{"version": {strconv.FormatInt(version, 10)}}
	}},
	"POST /next":                       {form: fixed("city", "osh", "kind", "any", "do", "want")},
	"POST /next/{token}":               {form: fixed()},
	"POST /my/applications/{id}/more":  {form: func(c *set) url.Values { return c.moreAnswers() }},
	"POST /my/applications/{id}/reach": {form: fixed("do", "link"), person: http.StatusForbidden, why: "who is signed in has her contacts on a page of their own"},
	"POST /my/messages/telegram":       {form: fixed()},
	"POST /my/messages/telegram/stop":  {form: fixed()},
	"POST /staff/jobs/{id}/again":      {form: fixed()},
	"POST /staff/jobs":                 {form: fixed("q", "aabbccdd")},
	"POST /staff/jobs/again": {form: func(c *set) url.Values {
		return url.Values{"pick": {c.place("/staff/jobs/{id}/again", "id")}}
	}},
	"POST /staff/applications":        {form: fixed("q", "Асан")},
	"POST /staff/applications/export": {form: fixed("format", "csv")},
	"POST /staff/applications/choose": {form: func(c *set) url.Values {
		return url.Values{"to": {"declined"}, "pick": {c.application.String() + ".2"}}
	}},
	"POST /staff/messages": {form: fixed("q", "Асан")},
	"POST /staff/messages/again": {form: func(c *set) url.Values {
		return url.Values{"pick": {c.place("/staff/messages/{id}/again", "id")}}
	}},
	"POST /staff/messages/undo": {form: func(c *set) url.Values { return url.Values{"id": {c.sentAgain().String()}} }},
	"POST /people":              {form: fixed("q", "Асан")},
	"POST /staff/find":          {form: fixed("q", "Асан")},
	"POST /staff/news/new": {form: func(c *set) url.Values {
		return url.Values{"kind": {"news"}, "title_ky": {"Жаңы"}, "activity": {c.at.ID.String()}}
	}},
	"POST /staff/news/channels":  {form: fixed("channel_ky", "@ashar_news")},
	"POST /staff/news/{id}/post": {form: fixed("lang", "ky")},
	"POST /staff/news/kit": {body: func(c *set) (string, []byte) {
		return c.who.parcel("file", "lake.png", onePoint, url.Values{"kind": {"photo"}})
	}},
	"POST /staff/news/kit/items/{id}":              {page: "/staff/news/kit/items/{id}"},
	"POST /staff/news/kit/items/{id}/show":         {form: fixed("version", "1", "to", "public")},
	"POST /staff/news/kit/items/{id}/move":         {form: fixed("to", "up")},
	"POST /staff/news/kit/items/{id}/remove":       {form: fixed()},
	"POST /staff/news/mentions":                    {form: fixed("q", "семинар")},
	"POST /staff/news/mentions/export":             {form: fixed("format", "csv")},
	"POST /staff/news/mentions/pieces/{id}":        {page: "/staff/news/mentions/pieces/{id}"},
	"POST /staff/news/mentions/pieces/{id}/remove": {form: fixed()},
	"POST /staff/news/mentions/new": {form: func(c *set) url.Values {
		return url.Values{"link": {"https://news.example.org/new/" + c.at.Slug}, "outlet": {"Kloop"}, "title": {"Семинар"}, "title_language": {"ru"}, "day": {"2024-03-05"}, "kind": {"online"}, "activity": {c.at.ID.String()}}
	}},
	"POST /staff/news/{id}":      {page: "/staff/news/{id}"},
	"POST /staff/news/{id}/move": {form: fixed("version", "1", "to", "review")},
	"POST /contact/write": {
		form: fixed("name", "Жумабекова Нургүл", "email", "nurgul@example.org", "from", "press", "words", "Качан?"),
		want: http.StatusTooManyRequests, why: "an effort is asked for first",
	},
	"POST /contact/list": {
		form: fixed("name", "Жумабекова Нургүл", "email", "nurgul@example.org", "language", "ky", "agree", "on"),
		want: http.StatusTooManyRequests, why: "an effort is asked for first",
	},
	"POST /contact/list/confirm/{token}":     {page: "/contact/list/confirm/{token}"},
	"POST /contact/list/leave/{token}":       {form: fixed()},
	"POST /staff/news/list/export":           {form: fixed()},
	"POST /staff/news/{id}/list":             {form: fixed()},
	"POST /staff/news/inquiries/{id}/take":   {form: fixed("version", "1")},
	"POST /staff/news/inquiries/{id}/answer": {form: fixed("version", "1", "words", "Эртең")},
	"POST /staff/news/inquiries/{id}/close":  {form: fixed("version", "1", "reason", "Жооптун кереги жок")},
	"POST /people/export":                    {form: fixed("format", "csv")},
	"POST /numbers/export":                   {form: fixed("format", "csv")},
	"POST /people/change":                    {form: func(c *set) url.Values { return url.Values{"pick": {c.person.ID.String()}} }},
	"POST /people/undo":                      {form: func(c *set) url.Values { return url.Values{"id": {c.changed().String()}} }},
	"POST /people/duplicates": {form: func(c *set) url.Values {
		c.sharer(false)
		return url.Values{"a": {c.person.ID.String()}, "b": {c.again.ID.String()}, "keep": {"both"}}
	}},
	"POST /people/duplicates/undo": {form: func(c *set) url.Values { return url.Values{"id": {c.willMerge().String()}} }},
	"POST /people/name": {form: func(c *set) url.Values {
		return url.Values{"name": {"Нурайым Касымова"}, "email": {"nuraiym-" + c.at.Slug + "@example.org"}, "lang": {"ky"}, "role": {"coordinator"}, "city": {c.at.City}}
	}},
	"POST /people/{id}/contacts": {form: func(c *set) url.Values {
		return url.Values{"contact": {c.contactID().String()}, "reason": {people.ToCheckRecord}}
	}},
	"POST /people/add": {form: func(c *set) url.Values {
		return url.Values{"form": {storage.RandomID(c.now).String()}, "name": {"Токтосунова " + c.at.Slug}, "no_contact": {"on"}, "city": {c.at.City}, "lang": {"ky"}, "source": {"phone"}, "day": {c.now.Format("2006-01-02")}}
	}},
	"POST /people/{id}/edit":          {page: "/people/{id}/edit"},
	"POST /people/{id}/invitation":    {form: fixed()},
	"POST /people/{id}/passkeys":      {form: fixed()},
	"POST /people/{id}/roles":         {form: fixed("role", "donor")},
	"POST /people/{id}/roles/{grant}": {form: fixed()},
	"POST /phone/{token}":             {form: fixed()},
	"POST /plan/cancel/{slug}":        {form: fixed("reason_ky", "Себеп", "reason_ru", "Причина", "reason_en", "Reason")},
	"POST /plan/materials/{slug}": {body: func(c *set) (string, []byte) {
		return c.who.parcel("files", "plan.pdf", onePixel, url.Values{"audience": {"staff"}, "language": {"ky"}})
	}},
	"POST /plan/materials/{slug}/{id}":        {page: "/plan/materials/{slug}/{id}"},
	"POST /plan/materials/{slug}/{id}/delete": {form: fixed()},
	"POST /plan/materials/{slug}/{id}/move":   {form: fixed("to", "up")},
	"POST /plan/publish/{slug}":               {form: func(c *set) url.Values { c.draft(); return url.Values{"state": {"published"}} }},
	"POST /staff/lists/bands": {form: func(c *set) url.Values {
		have := c.rooms.programme.Book().Now()
		n := len(have.BandSets()) // other bands from another day each time
		return url.Values{
			"seen": {lists.BandsSeen(have)}, "from": {fmt.Sprintf("2090-%02d-01", n)}, "sure": {"on"},
			"ages_from_0": {"14"}, "ages_to_0": {strconv.Itoa(20 + n)}, "ages_from_1": {strconv.Itoa(21 + n)}, "ages_to_1": {""},
		}
	}},
	"POST /staff/lists/bands/{day}/back":    {form: func(c *set) url.Values { return url.Values{"seen": {lists.BandsSeen(c.rooms.programme.Book().Now())}} }},
	"POST /staff/lists/{list}/new":          {form: func(c *set) url.Values { return cityForm(c.at.Slug) }},
	"POST /staff/lists/{list}/{code}":       {page: "/staff/lists/{list}/{code}"},
	"POST /staff/lists/{list}/{code}/close": {form: func(c *set) url.Values { return url.Values{"version": {"1"}, "closed": {"on"}} }},
	"POST /plan/templates": {form: func(c *set) url.Values {
		return url.Values{"key": {"new-" + c.at.Slug}, "kind": {"seminar"}, "title": {"Жаңы"}}
	}},
	"POST /plan/templates/{key}":         {page: "/plan/templates/{key}"},
	"POST /plan/templates/{key}/copies":  {page: "/plan/templates/{key}/copies", form: oneCopy},
	"POST /plan/activities/new":          {form: oneNew},
	"POST /plan/templates/{key}/publish": {form: func(c *set) url.Values { c.draft(); return url.Values{"drafts": {c.at.ID.String()}} }},
	"POST /plan/templates/{key}/materials": {body: func(c *set) (string, []byte) {
		return c.who.parcel("files", "plan.pdf", append(bytes.Clone(onePixel), c.at.Slug...), url.Values{"audience": {"staff"}, "language": {"ky"}})
	}},
	"POST /plan/templates/{key}/materials/{id}":        {page: "/plan/templates/{key}/materials/{id}"},
	"POST /plan/templates/{key}/materials/{id}/delete": {form: fixed()},
	"POST /plan/templates/{key}/materials/{id}/move":   {form: fixed("to", "down")},
	"POST /plan/team/{slug}":                           {form: fixed("find", "Асанова")},
	"POST /plan/team/{slug}/give": {form: func(c *set) url.Values {
		c.stage.count++
		return url.Values{"role": {"speaker"}, "name": {"Жаңы Жардамчы"}, "email": {fmt.Sprintf("helper-%d@example.org", c.stage.count)}}
	}},
	"POST /plan/team/{slug}/{grant}":  {form: fixed("do", "take")},
	"POST /helping/{slug}/words":      {page: "/helping/{slug}/words"},
	"POST /plan/{slug}":               {page: "/plan/{slug}"},
	"POST /prove/{token}":             {form: fixed("do", "yes")},
	"POST /sign-in":                   {form: func(c *set) url.Values { return url.Values{"address": {c.person.Email}} }},
	"POST /sign-in/code":              {form: fixed("code", "000000"), want: http.StatusUnprocessableEntity, why: "the code is not the one of the letter"},
	"POST /sign-in/link/{token}":      {form: fixed()},
	"GET /sign-in/who":                {form: func(c *set) url.Values { c.proveShared(); return nil }},
	"POST /sign-in/who":               {form: func(c *set) url.Values { c.proveShared(); return url.Values{"person": {c.person.ID.String()}} }},
	"POST /sign-out":                  {form: fixed()},
	"POST /staff/messages/{id}/again": {form: fixed()},
	"POST /staff/exports/{id}/take":   {form: fixed("format", "csv")},
	"POST /staff/exports/{id}/cancel": {form: fixed()},
	"POST /staff/invite": {form: func(c *set) url.Values {
		return url.Values{"pick": {c.person.ID.String()}}
	}},
	"POST /staff/seminars/{slug}/applicants/{id}/contacts": {form: func(c *set) url.Values {
		return url.Values{"contact": {c.contactID().String()}, "reason": {people.ToCheckRecord}}
	}},
	"POST /review/{slug}/{number}": {form: func(c *set) url.Values {
		c.write(func(ctx context.Context, tx *storage.Tx) error {
			for _, q := range []string{`DELETE FROM review_score`, `DELETE FROM review_opened`} {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			return nil
		})
		return url.Values{"do": {"known"}, "version": {"0"}}
	}},
	"POST /staff/seminars/{slug}/review": {form: func(c *set) url.Values {
		return url.Values{"version": {strconv.FormatInt(c.rubricVersion(), 10)}, "name_0_ky": {"Себеби"}, "most_0": {"5"}}
	}},
	"POST /staff/seminars/{slug}/review/open": {form: fixed()},
	"POST /staff/seminars/{slug}/applicants/{id}/companion": {form: func(c *set) url.Values {
		c.nothingWaits()
		c.companioned()
		return url.Values{"do": {"part"}, "part_why": {"Өзү жалгыз келет"}}
	}},
	"POST /staff/seminars/{slug}/applicants/{id}/notes": {form: fixed("note", "Былтыр да келген")},
	"POST /staff/seminars/{slug}/applicants/{id}/tags":  {form: fixed("tag", "Жаш лидер")},
	"POST /staff/seminars/{slug}/applicants/{id}/why": {form: func(c *set) url.Values {
		c.asksWhy()
		return url.Values{"answer": {"Орун аз болду"}}
	}},
	"POST /staff/seminars/{slug}/apart": {form: func(c *set) url.Values {
		c.sharer(false)
		return url.Values{"chosen": {c.application.String() + ".1", c.twin.String() + ".1"}}
	}},
	"POST /staff/seminars/{slug}/applicants": {form: func(c *set) url.Values {
		c.nothingWaits()
		return url.Values{"to": {"declined"}, "why": {"Ички эреже"}, "chosen": {c.application.String() + ".2"}}
	}},
	"POST /staff/seminars/{slug}/calls": {form: func(c *set) url.Values {
		return url.Values{"application": {c.application.String()}, "answer": {"herself"}}
	}},
	"POST /staff/seminars/{slug}/calls/undo": {form: func(c *set) url.Values { return url.Values{"id": {c.notReached().String()}} }},
	"POST /staff/seminars/{slug}/mailings/write": {form: func(c *set) url.Values {
		return url.Values{"id": {storage.RandomID(c.now).String()}, "version": {"0"}, "state": {"applied"}, "subject_ru": {"Дорога"}, "body_ru": {"Автобус в восемь."}}
	}},
	"POST /staff/seminars/{slug}/mailings/{id}":       {form: fixed("do", "drop")},
	"POST /staff/seminars/{slug}/timetable/{message}": {form: fixed("version", "0", "do", "save", "own_ru", "Автобус в восемь.", "missing", "fixed")},
	"POST /staff/seminars/{slug}/timetable":           {form: fixed()},
	"POST /staff/seminars/{slug}/export":              {form: fixed("format", "csv")},
	"POST /staff/seminars/{slug}/form": {form: func(c *set) url.Values {
		return url.Values{"do": {"down"}, "key": {"name"}, "version": {c.formVersion()}}
	}},
	"POST /staff/seminars/{slug}/more/rules": {form: fixed("asks", "on", "days_before", "3", "forget_days", "30", "version", "0")},
	"POST /staff/seminars/{slug}/more/ask": {form: func(c *set) url.Values {
		c.asksMore()
		return url.Values{}
	}},
	"POST /staff/seminars/{slug}/more/form":       {form: fixed("do", "down", "key", "food", "version", "0")},
	"POST /staff/seminars/{slug}/more/lines/file": {form: fixed("for", "door", "format", "pdf")},
	"POST /staff/seminars/{slug}/invite": {form: func(c *set) url.Values {
		c.nothingWaits()
		return url.Values{"q_name": {"Токтосунова Бермет"}, "q_email": {"bermet-" + c.at.Slug + "@example.org"}, "sure": {"yes"}}
	}},
	"POST /api/v1/door/{slug}/marks": {today: true, body: func(c *set) (string, []byte) {
		body, _ := json.Marshal(map[string]any{"marks": []map[string]any{{"nonce": "press-of-" + c.at.Slug + "-000000000000", "kind": "begin", "step": c.planOfTheDay(), "at": c.now.UnixMilli()}}})
		return "application/json", body
	}},
	"POST /api/v1/door/{slug}/ready": {today: true, body: func(c *set) (string, []byte) {
		body, _ := json.Marshal(map[string]any{"at": c.now.UnixMilli(), "missing": []string{"word"}})
		return "application/json", body
	}},
	"POST /door/{slug}/day": {today: true, form: func(c *set) url.Values { c.noPlan(); return url.Values{"do": {"plan"}} }},
	"POST /staff/seminars/{slug}/day": {form: func(c *set) url.Values {
		c.noPlan()
		return url.Values{"version": {"0"}, "step_0_at": {"10:00"}, "step_0_minutes": {"30"}, "step_0_title_ky": {"Ачылыш"}}
	}},
	"POST /staff/seminars/{slug}/signed/key":    {today: true, form: func(c *set) url.Values { return c.sheetOf("reading", "1", "version", "0", "below", "0", "do", "done") }},
	"POST /staff/seminars/{slug}/signed/take":   {today: true, form: func(c *set) url.Values { c.readTwice(); return c.sheetOf("version_1", "1", "version_2", "1") }},
	"POST /staff/seminars/{slug}/signed/again":  {today: true, form: func(c *set) url.Values { c.readTwice(); return c.sheetOf("reading", "2") }},
	"POST /staff/seminars/{slug}/print.pdf":     {form: fixed("sheet", "all")},
	"POST /staff/seminars/{slug}/print/amounts": {form: fixed("version", "0", "day", "1500", "city_osh", "2400")},
	"POST /staff/seminars/{slug}/print/fare": {form: func(c *set) url.Values {
		return url.Values{"person": {c.application.String()}, "som": {"700"}}
	}},
	"POST /staff/seminars/{slug}/selection":       {form: fixed("seats", "3", "version", "0", "do", "save")},
	"POST /staff/seminars/{slug}/selection/draw":  {form: func(c *set) url.Values { c.applies(false); return url.Values{"after": {"0"}} }},
	"POST /staff/seminars/{slug}/selection/close": {form: fixed()},
	"POST /staff/seminars/{slug}/selection/files": {form: func(c *set) url.Values { c.applies(true); return url.Values{"draw": {"1"}, "file": {"list"}} }},
	"POST /staff/seminars/{slug}/selection/mark": {form: func(c *set) url.Values {
		c.applies(false)
		return url.Values{"put": {"in"}, "why": {"Ички эреже"}, "chosen": {c.application.String() + ".1"}}
	}},
	"POST /staff/seminars/{slug}/selection/send": {form: func(c *set) url.Values { c.applies(true); return url.Values{"wait": {""}, "seen": {c.preview()}} }},
	"POST /staff/seminars/{slug}/selection/undo": {form: func(c *set) url.Values { return url.Values{"id": {c.willTell().String()}} }},
	"POST /staff/seminars/{slug}/seats":          {page: "/staff/seminars/{slug}/seats"},
}

// oneCopy asks for one activity more, in a city of its own day.
// oneNew makes one activity on its own page.
func oneNew(c *set) url.Values {
	return url.Values{
		"template": {c.place("/plan/templates/{key}", "key")}, "row_new_city": {c.at.City}, "row_new_date": {c.now.AddDate(0, 0, 30+c.count%200).Format("2006-01-02")}, "row_new_days": {"2"},
		"row_new_from": {"09:00"}, "row_new_to": {"18:30"}, "row_new_venue_ky": {"Маданият үйү"}, "row_new_subject_ky": {"Суу"}, "row_new_capacity": {"20"},
	}
}

func oneCopy(c *set) url.Values {
	day := c.now.AddDate(0, 0, 30+c.count%200).Format("2006-01-02")
	f := url.Values{}
	_, body, _ := c.chief.do(http.MethodGet, "/ky/plan/templates/"+c.template.Key+"/copies", nil)
	for _, form := range formsOf(c.t, "copies", body) {
		for _, in := range form.fields {
			if row, ok := strings.CutSuffix(in.name, "_date"); ok {
				f.Set(in.name, day)
				f.Set(row+"_from", "09:00")
				f.Set(row+"_to", "18:30")
				f.Set(row+"_venue_ky", "Маданият үйү")
				f.Set(row+"_venue", "Маданият үйү")
				return f
			}
		}
	}
	return f
}

// draft makes the activity one that is not published yet.
func (c *set) draft() {
	c.t.Helper()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE activity SET state = 'draft' WHERE id = $1`, c.at.ID)
		return err
	})
}

// formVersion is that of the activity's own form.
func (c *set) formVersion() string {
	c.t.Helper()
	_, body, _ := c.chief.do(http.MethodGet, "/ky/staff/seminars/"+c.at.Slug+"/form", nil)
	for _, form := range formsOf(c.t, "form", body) {
		for _, in := range form.fields {
			if in.name == "version" {
				return in.value
			}
		}
	}
	return ""
}

// proveShared proves, in the browser of who asks, an address that two people share.
func (c *set) proveShared() {
	c.t.Helper()
	c.sharer(true)
	token := c.letter()
	if status, body, header := c.who.do(http.MethodPost, "/ky/sign-in/link/"+token, url.Values{}); !strings.Contains(header.Get("Location"), "/sign-in/who") {
		c.t.Fatalf("a shared address gives %d to %q %s", status, header.Get("Location"), body)
	}
}

// ask asks a route of the house as who the set is for.
func (c *set) ask(route web.Route, may bool) (status int, body string, header http.Header) {
	c.t.Helper()
	r := recipes[route.Method+" "+route.Pattern]
	path := c.path(route, route.Pattern) + r.query
	var typed url.Values
	if r.form != nil {
		typed = r.form(c)
	}
	if r.body != nil {
		kind, raw := r.body(c)
		return c.who.send(route.Method, path, kind, bytes.NewReader(raw))
	}
	if route.Method == http.MethodGet || route.Method == http.MethodHead {
		return c.who.do(route.Method, path, nil)
	}
	form := url.Values{}
	if r.page != "" {
		reader := c.chief
		if r.own && may {
			reader = c.who
		}
		page := c.path(web.Route{Pattern: route.Pattern}, r.page)
		_, html, _ := reader.do(http.MethodGet, page, nil)
		found := false
		for _, f := range formsOf(c.t, page, html) {
			if action, err := url.Parse(f.action); err != nil || action.Path != path {
				continue
			}
			found = true
			for _, in := range f.fields {
				if in.kind != "button" && !in.unticked {
					form.Add(in.name, in.value)
				}
			}
			break
		}
		if !found {
			c.t.Errorf("%s has no form that goes to %s", page, path)
		}
	}
	for name, values := range typed {
		form[name] = values
	}
	return c.who.do(route.Method, path, form)
}

// stream reports whether an answer of a route does not end.
func stream(route web.Route) bool {
	return strings.HasPrefix(route.Pattern, "/live/") || strings.HasSuffix(route.Pattern, "/news")
}

// doorside are the routes that tell by themselves who stands at a door: staff, or a phone that was enrolled.
func doorside(route web.Route) bool {
	return strings.HasPrefix(route.Pattern, "/door/") && (route.Needs == access.Public || route.Needs == seats.MayAdmit) ||
		strings.HasPrefix(route.Pattern, "/api/v1/door/") && route.Needs == access.Public || route.Pattern == "/api/v1/checkins"
}

// doorNeeds is what staff need on such a route: who stands there reads the run sheet, who leads presses.
func doorNeeds(route web.Route) access.Permission {
	if slices.Contains([]string{"POST /door/{slug}/day", "POST /api/v1/door/{slug}/marks"}, route.Method+" "+route.Pattern) {
		return runsheet.MayRun
	}
	return seats.MayAdmit
}

// refusals are how somebody is told that she may not.
func refused(status int, header http.Header) bool {
	to := header.Get("Location")
	return slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, status) ||
		status == http.StatusSeeOther && (strings.Contains(to, "/sign-in") || strings.HasPrefix(to, "/ky/me/passkeys"))
}

// applies lets who was invited be one who only applied, under rules; drawn as well when it
// is asked for.
func (c *set) applies(drawn bool) {
	room, chief := c.rooms.seminars.Chooser, c.actor(c.chief)
	var ask selection.Ask
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE application SET state = 'applied', expires_at = 0 WHERE id = $1`, c.application); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE seminar SET taken = (SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state IN ('invited', 'confirmed', 'attended', 'no_show')) WHERE activity_id = $1`, c.at.ID); err != nil {
			return err
		}
		t, err := room.Table(ctx, tx, chief, c.at)
		if err != nil || t.Waits {
			return err
		}
		if err = room.SaveRules(ctx, tx, selection.SaveRules{Actor: chief, Activity: c.at.ID, Rules: selection.Rules{Seats: 1}, Version: t.Version}); err != nil || !drawn || t.Drawn {
			return err
		}
		ask, err = room.AskDraw(ctx, tx, selection.AskDraw{Actor: chief, Activity: c.at.ID})
		return err
	})
	if !ask.ID.IsZero() {
		if err := room.DrawAsked(c.t.Context(), ask.ID, c.at.ID); err != nil {
			c.t.Fatal(err)
		}
	}
}

// preview names what the selection would tell, after the applications have ended.
func (c *set) preview() (seen string) {
	chief := c.actor(c.chief)
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if err := c.rooms.seminars.Chooser.CloseApplications(ctx, tx, chief, c.at.ID); err != nil {
			return err
		}
		p, err := c.rooms.seminars.Chooser.Preview(ctx, tx, chief, c.at, selection.Everybody, "")
		seen = p.Seen
		return err
	})
	return seen
}

// willTell decides that the selection is told.
func (c *set) willTell() (id storage.ID) {
	c.applies(true)
	seen, chief := c.preview(), c.actor(c.chief)
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if t, err := c.rooms.seminars.Chooser.Table(ctx, tx, chief, c.at); err != nil || t.Waits {
			id = t.Step.ID
			return err
		}
		s, err := c.rooms.seminars.Chooser.PlanStep(ctx, tx, selection.PlanStep{Actor: chief, Activity: c.at.ID, Waiting: selection.Everybody, Seen: seen})
		id = s.ID
		return err
	})
	return id
}

// notReached is a call that was just noted.
func (c *set) notReached() (id storage.ID) {
	chief := c.actor(c.chief)
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if err := c.rooms.seminars.Called(ctx, tx, seats.Called{Activity: c.at.ID, Actor: chief, Application: c.application, Answer: seats.NotReached}); err != nil {
			return err
		}
		list, err := seats.CallsOf(ctx, tx, c.application)
		id = list[len(list)-1].ID
		return err
	})
	return id
}

// rubricVersion is that of the rubric of the activity, 0 when it has none.
func (c *set) rubricVersion() (version int64) {
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		r, err := c.rooms.seminars.Reviews.RubricOf(ctx, tx, c.at)
		version = r.Version
		return err
	})
	return version
}

// number is under which a reviewer reads an application that waits.
func (c *set) number() (number string) {
	chief, version := c.actor(c.chief), c.rubricVersion()
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if version == 0 {
			if err := c.rooms.seminars.Reviews.SaveRubric(ctx, tx, review.SaveRubric{Actor: chief, Activity: c.at.ID, Criteria: []review.Criterion{{Name: i18n.Text{Ky: "Себеби"}, Most: 5}}}); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE application SET state = 'applied' WHERE id = $1`, c.application); err != nil {
			return err
		}
		q, err := c.rooms.seminars.Reviews.QueueOf(ctx, tx, chief, c.at.ID)
		if err == nil {
			number = q.Items[0].Number
		}
		return err
	})
	return number
}

// nothingWaits takes back what is about to be told of the selection.
func (c *set) nothingWaits() {
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE selection_step SET state = 'taken_back' WHERE activity_id = $1 AND state = 'waiting'`, c.at.ID)
		return err
	})
}

// asksWhy lets who applied be refused and ask why.
func (c *set) asksWhy() {
	c.write(func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE application SET state = 'declined' WHERE id = $1`, c.application); err != nil {
			return err
		}
		return c.rooms.seminars.AskWhy(ctx, tx, c.application, "Себеби?")
	})
}
