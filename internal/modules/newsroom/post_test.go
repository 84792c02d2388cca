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
