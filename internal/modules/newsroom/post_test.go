package newsroom

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/foundation/web/share"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// channelRooms are newsrooms with two channels and a stand-in of Telegram that answers so.
func channelRooms(t *testing.T, answer func(call int) *telegramtest.Answer, f func(v room, api *telegramtest.API)) {
	t.Helper()
	rooms(t, func(v room) {
		api := telegramtest.Start(v.t, func(_ int64, call int) *telegramtest.Answer {
			if answer == nil {
				return nil
			}
			return answer(call)
		})
		v.m.Bot = telegram.New(telegram.Options{Token: telegramtest.Token, URL: api.URL, Pace: telegram.NewPace(100_000, 0)})
		v.m.Cards = share.NewCards(func(string, string, []string) ([]byte, error) { return []byte("card"), nil })
		v.m.PublicURL = "https://ashar.example"
		words, err := fs.Sub(texts, "text")
		if err != nil {
			v.t.Fatal(err)
		}
		catalogue, err := i18n.Load(words)
		if err != nil {
			v.t.Fatal(err)
		}
		v.m.Words = catalogue.Printer
		if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return v.m.SetChannels(ctx, tx, SetChannels{Actor: chief, Names: map[i18n.Language]string{i18n.Kyrgyz: "https://t.me/ashar_ky", i18n.Russian: " @ashar_ru "}})
		}); err != nil {
			v.t.Fatal(err)
		}
		f(v, api)
	})
}

// work does the jobs of posts that there are, each once; a job that fails stays.
func (v room) work() (failed []error) {
	v.t.Helper()
	type job struct {
		id            storage.ID
		kind, payload string
	}
	var list []job
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = storage.All(ctx, tx, func(row storage.Scanner) (j job, err error) {
			err = row.Scan(&j.id, &j.kind, &j.payload)
			return j, err
		}, `SELECT id, kind, payload FROM job WHERE kind IN ('newsroom.post', 'newsroom.amend') ORDER BY kind DESC, id`)
		return err
	}); err != nil {
		v.t.Fatal(err)
	}
	do := map[string]func(context.Context, *storage.Store, json.RawMessage) error{PostJob: v.m.post, AmendJob: v.m.amend}
	for _, j := range list {
		if err := do[j.kind](v.t.Context(), v.s, json.RawMessage(j.payload)); err != nil {
			failed = append(failed, err)
			continue
		}
		if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1`, j.id)
			return err
		}); err != nil {
			v.t.Fatal(err)
		}
	}
	return failed
}

func (v room) states(r Release) (out []string) {
	v.t.Helper()
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := posts(ctx, tx, r.ID)
		out = nil
		for _, p := range list {
			out = append(out, string(p.Lang)+" "+string(p.State))
		}
		return err
	}); err != nil {
		v.t.Fatal(err)
	}
	return out
}

func (v room) published() Release {
	v.t.Helper()
	r := v.must(v.move(v.new(chief, time.Time{}), chief, Review, "", i18n.Text{}))
	return v.must(v.move(r, chief, Published, "", i18n.Text{}))
}

func TestAReleaseIsPostedOnceInTheChannelOfEachOfItsLanguages(t *testing.T) {
	t.Parallel()
	channelRooms(t, nil, func(v room, api *telegramtest.API) {
		r := v.new(chief, v.now().Add(time.Hour))
		r = v.must(v.move(r, chief, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Scheduled, "", i18n.Text{}))
		if failed := v.work(); len(failed) > 0 || len(api.Sent()) > 0 {
			v.t.Fatalf("under embargo: %d posts, %v", len(api.Sent()), failed)
		}
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		// Two hands at the same jobs, as two replicas have.
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for _, l := range []i18n.Language{i18n.Kyrgyz, i18n.Russian} {
					raw, _ := json.Marshal(ofPost{r.ID, l})
					_ = v.m.post(v.t.Context(), v.s, raw)
				}
			})
		}
		wg.Wait()
		v.work()
		var got []string
		for _, s := range api.Sent() {
			got = append(got, s.Channel+" "+strings.ReplaceAll(s.Text, "\n", "|")+" "+s.URL+" "+string(s.Photo))
		}
		slices.Sort(got)
		want := []string{
			"@ashar_ky Title ky||Lead ky https://ashar.example/ky/news/" + r.Slug + " card",
			"@ashar_ru Title ru||Lead ru https://ashar.example/ru/news/" + r.Slug + " card",
		}
		if !slices.Equal(got, want) || !slices.Equal(v.states(r), []string{"ky sent", "ru sent"}) {
			v.t.Errorf("posted %q, %v", got, v.states(r))
		}
		if err := v.again(r, i18n.Russian); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("what stands there is posted again: %v", err)
		}

		// What changes is said in the post that stands there.
		changed, err := v.write(WriteRelease{Actor: chief, Release: r.ID, Version: r.Version, Correction: all3("The day was wrong"), Write: func(r Release) (Release, error) {
			r.Texts.Title = all3("Right title")
			return r, nil
		}})
		r = v.must(changed, err)
		v.must(v.move(r, chief, Withdrawn, "", all3("A reason")))
		if failed := v.work(); len(failed) > 0 {
			v.t.Fatal(failed)
		}
		for _, s := range api.Sent()[2:] {
			if s.Method != "editMessageCaption" || s.Number == 0 || !strings.Contains(s.Text, "A reason") || s.URL != "" {
				v.t.Errorf("amended: %+v", s)
			}
		}
		if n := len(api.Sent()); n != 6 { // a correction and a withdrawal, in two channels
			v.t.Errorf("%d calls", n)
		}
	})
}

func TestAPostWhoseAnswerIsLostWaitsForSomebodyToLook(t *testing.T) {
	t.Parallel()
	channelRooms(t, func(call int) *telegramtest.Answer {
		if call == 1 {
			return &telegramtest.Answer{Break: true, Keep: true}
		}
		return nil
	}, func(v room, api *telegramtest.API) {
		r := v.published()
		v.work()
		v.work()
		if got := v.states(r); len(api.Sent()) != 2 || !slices.Contains(got, "ky unsure") && !slices.Contains(got, "ru unsure") {
			v.t.Fatalf("%d posts, %v", len(api.Sent()), got)
		}
		lost := i18n.Kyrgyz
		if slices.Contains(v.states(r), "ru unsure") {
			lost = i18n.Russian
		}
		if err := v.again(r, lost); err != nil {
			v.t.Fatal(err)
		}
		if err := v.again(r, lost); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("a second time while it is on its way: %v", err)
		}
		if v.work(); len(api.Sent()) != 3 || !slices.Equal(v.states(r), []string{"ky sent", "ru sent"}) {
			v.t.Errorf("%d posts, %v", len(api.Sent()), v.states(r))
		}
	})
}

func TestAPostThatTelegramRefusesIsShownAndOneThatItPutsOffIsTriedAgain(t *testing.T) {
	t.Parallel()
	channelRooms(t, func(call int) *telegramtest.Answer {
		switch call {
		case 1:
			return &telegramtest.Answer{Code: http.StatusForbidden}
		case 2:
			return &telegramtest.Answer{Code: http.StatusBadGateway}
		}
		return nil
	}, func(v room, api *telegramtest.API) {
		r := v.published()
		if failed := v.work(); len(failed) != 1 {
			v.t.Errorf("%d jobs want another try", len(failed))
		}
		if got := v.states(r); !slices.Equal(got, []string{"ky failed", "ru waiting"}) && !slices.Equal(got, []string{"ky waiting", "ru failed"}) {
			v.t.Errorf("%v", got)
		}
		if failed := v.work(); len(failed) > 0 || len(api.Sent()) != 1 {
			v.t.Errorf("%d posts, %v", len(api.Sent()), failed)
		}
	})
}

// A withdrawal that the channel does not show fails where jobs that failed are seen; one
// that the channel needs no more is done.
func TestAPostThatCannotBeAmendedFailsVisibly(t *testing.T) {
	t.Parallel()
	for words, fails := range map[string]int{"Bad Request: message can't be edited": 2, "Bad Request: message to edit not found": 0} {
		channelRooms(t, func(call int) *telegramtest.Answer {
			if call > 2 {
				return &telegramtest.Answer{Code: http.StatusBadRequest, Words: words}
			}
			return nil
		}, func(v room, api *telegramtest.API) {
			r := v.published()
			v.work()
			v.must(v.move(r, chief, Withdrawn, "", all3("A reason")))
			failed := v.work()
			if len(failed) != fails || !slices.Equal(v.states(r), []string{"ky sent", "ru sent"}) {
				v.t.Errorf("%s: %v, %v", words, failed, v.states(r))
			}
		})
	}
}

func TestNothingIsPostedWithoutATickABotOrAChannel(t *testing.T) {
	t.Parallel()
	channelRooms(t, nil, func(v room, api *telegramtest.API) {
		r, err := v.write(WriteRelease{Actor: chief, Write: func(r Release) (Release, error) {
			r.Texts.Title, r.Texts.Body, r.Posted = all3("Quiet"), all3("Body"), false
			return r, nil
		}})
		r = v.must(v.move(v.must(r, err), chief, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		bot := v.m.Bot
		v.m.Bot = nil
		mute := v.published()
		v.m.Bot = bot
		if v.work(); len(api.Sent()) > 0 || len(v.states(r)) > 0 || len(v.states(mute)) > 0 {
			v.t.Errorf("posted %v %v", v.states(r), v.states(mute))
		}
		for _, typed := range []string{"@a", "https://example.org/ashar", "жаңылык", "@" + strings.Repeat("a", 33), "ashar news"} {
			err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return v.m.SetChannels(ctx, tx, SetChannels{Actor: chief, Names: map[i18n.Language]string{i18n.English: typed}})
			})
			if f := fault.Of(err); f == nil || f.Code != fault.Invalid {
				v.t.Errorf("%q is taken as a channel: %v", typed, err)
			}
		}
		if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return v.m.SetChannels(ctx, tx, SetChannels{Actor: author})
		}); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("who only writes sets channels: %v", err)
		}
	})
}

func (v room) again(r Release, l i18n.Language) error {
	v.t.Helper()
	return v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return v.m.PostAgain(ctx, tx, PostAgain{Actor: chief, Release: r.ID, Lang: l})
	})
}

// now is the time of the store.
func (v room) now() (at time.Time) {
	v.t.Helper()
	if err := v.s.Read(v.t.Context(), func(_ context.Context, tx *storage.Tx) error {
		at = tx.Now
		return nil
	}); err != nil && !errors.Is(err, context.Canceled) {
		v.t.Fatal(err)
	}
	return at
}

// What no channel has is not said there first when it is withdrawn.
func TestAPostThatHasNotLeftFallsWithItsRelease(t *testing.T) {
	t.Parallel()
	channelRooms(t, func(call int) *telegramtest.Answer {
		if call <= 4 { // two releases in two channels
			return &telegramtest.Answer{Code: http.StatusBadGateway}
		}
		return nil
	}, func(v room, api *telegramtest.API) {
		r, hand := v.published(), v.published()
		if failed := v.work(); len(failed) != 4 || !slices.Equal(v.states(r), []string{"ky waiting", "ru waiting"}) {
			v.t.Fatalf("%d want another try, %v: the test proves nothing", len(failed), v.states(r))
		}
		set := func(state PostState, from PostState, l i18n.Language) {
			programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE news_post SET state = $1, at = 1 WHERE release_id = $2 AND state = $3 AND lang = $4`, string(state), hand.ID, string(from), string(l))
				return err
			})
		}
		set(PostSending, PostWaiting, i18n.Kyrgyz)
		set(PostSending, PostWaiting, i18n.Russian)
		v.must(v.move(r, chief, Withdrawn, "", all3("A reason")))
		v.must(v.move(hand, chief, Withdrawn, "", all3("A reason")))
		set(PostWaiting, PostSending, i18n.Kyrgyz) // Telegram did not take it; who has the other in hand is gone
		if failed := v.work(); len(failed) > 0 || len(api.Sent()) > 0 {
			v.t.Errorf("%d posts of what was withdrawn, %v", len(api.Sent()), failed)
		}
		if got := v.states(r); len(got) != 0 {
			v.t.Errorf("what has not left: %v", got)
		}
		if got := v.states(hand); !slices.Equal(got, []string{"ru unsure"}) {
			v.t.Errorf("what was in hand: %v", got)
		}
	})
}

func TestALanguageThatComesLaterIsPostedToo(t *testing.T) {
	t.Parallel()
	channelRooms(t, nil, func(v room, api *telegramtest.API) {
		ky := func(s string) i18n.Text { return i18n.Text{Ky: s} }
		r, err := v.write(WriteRelease{Actor: chief, Write: func(r Release) (Release, error) {
			r.Texts.Title, r.Texts.Body = ky("Title ky"), ky("Body ky")
			return r, nil
		}})
		r = v.must(v.move(v.must(r, err), chief, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		v.work()
		posted := func() (out []string) {
			for _, s := range api.Sent() {
				if s.Method == "sendPhoto" {
					out = append(out, s.Channel)
				}
			}
			return out
		}
		if got := posted(); !slices.Equal(got, []string{"@ashar_ky"}) {
			v.t.Fatalf("posted in %v", got)
		}
		r = v.must(v.rewrite(chief, r, all3("Now in Russian"), func(r *Release) { r.Texts.Title.Ru, r.Texts.Body.Ru = "Title ru", "Body ru" }))
		v.work()
		// A channel that comes later is for what is published later.
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error {
			return v.m.SetChannels(ctx, tx, SetChannels{Actor: chief, Names: map[i18n.Language]string{i18n.Kyrgyz: "@ashar_news_ky", i18n.Russian: "@ashar_ru", i18n.English: "@ashar_en"}})
		})
		v.must(v.rewrite(chief, r, all3("The day was wrong"), func(r *Release) { r.Texts.Title.Ru = "Right title ru" }))
		if failed := v.work(); len(failed) > 0 {
			v.t.Fatal(failed)
		}
		if got := posted(); !slices.Equal(got, []string{"@ashar_ky", "@ashar_ru"}) || !slices.Equal(v.states(r), []string{"ky sent", "ru sent"}) {
			v.t.Errorf("posted in %v, %v", got, v.states(r))
		}
	})
}
