package newsroom

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// The jobs of posts: one brings a post to its channel, one says there what changed since.
const (
	PostJob  = "newsroom.post"
	AmendJob = "newsroom.amend"
)

// PostState is how far a post is.
type PostState string

// The states of a post.
const (
	PostWaiting PostState = "waiting" // it will leave
	PostSending PostState = "sending" // it is being handed over at this moment
	PostSent    PostState = "sent"    // it stands in the channel
	PostFailed  PostState = "failed"  // Telegram refused it: the channel is gone, or the bot may not post there
	PostUnsure  PostState = "unsure"  // handed over, but the answer was lost: somebody has to look
)

// PostStates are all states.
var PostStates = [...]PostState{PostWaiting, PostSending, PostSent, PostFailed, PostUnsure}

// patience is how long a post may be handed over before its sender is taken for dead;
// longer than any time-out of the bot.
const patience = 2 * time.Minute

// Post is a release in a channel, in one language.
type Post struct {
	Release storage.ID
	Lang    i18n.Language
	Channel string // "@name"
	State   PostState
	Number  int64 // in the channel, 0 before it is known
	At      time.Time
}

// Address is where it can be read, empty before it is known.
func (p Post) Address() string {
	if p.Number == 0 {
		return ""
	}
	return "https://t.me/" + strings.TrimPrefix(p.Channel, "@") + "/" + strconv.FormatInt(p.Number, 10)
}

const postColumns = `release_id, lang, channel, state, number, at`

func scanPost(row storage.Scanner) (p Post, err error) {
	var at int64
	err = row.Scan(&p.Release, &p.Lang, &p.Channel, &p.State, &p.Number, &at)
	p.At = storage.Instant(at)
	return p, err
}

// posts are those of a release.
func posts(ctx context.Context, tx *storage.Tx, release storage.ID) ([]Post, error) {
	return storage.All(ctx, tx, scanPost, `SELECT `+postColumns+` FROM news_post WHERE release_id = $1 ORDER BY lang`, release)
}

func postOf(ctx context.Context, tx *storage.Tx, release storage.ID, l i18n.Language) (p Post, there bool, err error) {
	list, err := storage.All(ctx, tx, scanPost, `SELECT `+postColumns+` FROM news_post WHERE release_id = $1 AND lang = $2`, release, string(l))
	if err != nil || len(list) == 0 {
		return p, false, err
	}
	return list[0], true, nil
}

// ofPost is the payload of both jobs.
type ofPost struct {
	Release storage.ID
	Lang    i18n.Language
}

// planPosts asks for the posts of a release in languages in which it has become public: one
// in each that has a channel. What was posted before is not posted again.
func (m *Module) planPosts(ctx context.Context, tx *storage.Tx, r Release, languages []i18n.Language) error {
	if m.Bot == nil || !r.Posted {
		return nil
	}
	names, err := channels(ctx, tx)
	if err != nil {
		return err
	}
	for _, l := range languages {
		if names[l] == "" {
			continue
		}
		n, err := tx.Exec(ctx, `INSERT INTO news_post (`+postColumns+`) VALUES ($1, $2, $3, $4, 0, $5)
			ON CONFLICT (release_id, lang) DO NOTHING`, r.ID, string(l), names[l], string(PostWaiting), storage.Micros(tx.Now))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := planPost(ctx, tx, ofPost{r.ID, l}); err != nil {
			return err
		}
	}
	return nil
}

func planPost(ctx context.Context, tx *storage.Tx, of ofPost) error {
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: PostJob, Payload: of, Key: of.Release.String() + " " + string(of.Lang) + " " + strconv.FormatInt(storage.Micros(tx.Now), 10)})
}

// dropPosts takes back the posts of a release that was withdrawn which no channel has yet.
func (r Release) dropPosts(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM news_post WHERE release_id = $1 AND state = $2`, r.ID, string(PostWaiting))
	return err
}

// amendPosts lets the posts of a release say what it says now.
func (r Release) amendPosts(ctx context.Context, tx *storage.Tx) error {
	list, err := posts(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	for _, p := range list {
		key := r.ID.String() + " " + string(p.Lang) + " " + strconv.FormatInt(r.Version, 10)
		if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: AmendJob, Payload: ofPost{r.ID, p.Lang}, Key: key}); err != nil {
			return err
		}
	}
	return nil
}

// errTaken says that another has the post in hand, or had it.
var errTaken = errors.New("the post is in other hands")

// post brings a post to its channel. It leaves once: whoever hands it over has written so
// before, and when the answer is lost somebody has to look into the channel.
func (m *Module) post(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
	var of ofPost
	if err := json.Unmarshal(payload, &of); err != nil {
		return err
	}
	p, r, out, err := m.draw(ctx, store, of)
	if err != nil || out.Channel == "" {
		return err
	}
	if p.State == PostWaiting && r.State == Withdrawn { // the channel never had it: it goes nowhere any more
		return store.Write(ctx, r.dropPosts)
	}
	if p.State == PostSending { // whoever had it in hand is gone, or still at it
		return m.note(ctx, store, p, PostSending, PostUnsure, 0, patience)
	}
	if p.State != PostWaiting {
		return nil
	}
	number, err := m.Bot.Post(ctx, out, func(ctx context.Context) error { return m.note(ctx, store, p, PostWaiting, PostSending, 0, 0) })
	if errors.Is(err, errTaken) {
		return nil
	}
	var e *telegram.Error
	switch {
	case err == nil:
		return m.note(ctx, store, p, PostSending, PostSent, number, 0)
	case errors.As(err, &e) && e.Unsure:
		return m.note(ctx, store, p, PostSending, PostUnsure, 0, 0)
	case errors.As(err, &e) && !e.Again:
		return m.note(ctx, store, p, PostSending, PostFailed, 0, 0)
	}
	// Nobody took it: it waits for another try. Where it was not in hand yet, it waits still.
	if back := m.note(ctx, store, p, PostSending, PostWaiting, 0, 0); back != nil && !errors.Is(back, errTaken) {
		return back
	}
	return err
}

// draw makes the post of a release as it is now. Without a channel there is nothing to do.
func (m *Module) draw(ctx context.Context, store *storage.Store, of ofPost) (p Post, r Release, out telegram.Post, err error) {
	var name i18n.Text
	err = store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		out = telegram.Post{}
		there := false
		if p, there, err = postOf(ctx, tx, of.Release, of.Lang); err != nil || !there {
			return err
		}
		if r, err = ByID(ctx, tx, of.Release); err != nil {
			return err
		}
		of, err := programme.Current(ctx, tx)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		name, out.Channel = of.Name, p.Channel
		return nil
	})
	if err != nil || out.Channel == "" || m.Bot == nil {
		return p, r, telegram.Post{}, err
	}
	say := m.Words(of.Lang)
	l := r.In(of.Lang)
	switch r.State {
	case Published:
		out.Text = strings.TrimSpace(r.Texts.Title.In(l) + "\n\n" + r.Texts.Lead.Exactly(l))
		out.Button = telegram.Button{Label: say.T("newsroom.post.read"), URL: m.PublicURL + web.PathIn(of.Lang, r.path())}
	case Withdrawn:
		out.Text = r.Texts.Title.In(l) + "\n\n" + say.T("newsroom.withdrawn") + " " + r.Texts.Reason.In(l)
	default:
		return p, r, telegram.Post{}, nil // nothing of it is for the public
	}
	out.Photo, err = m.Cards.Of(ctx, name.In(l), r.Texts.Title.In(l), []string{i18n.Date(l, r.Public)})
	return p, r, out, err
}

// note moves a post from one state to another, for whoever is first: errTaken else. With
// after it moves only what has been in its state so long; what has not is tried again.
func (m *Module) note(ctx context.Context, store *storage.Store, p Post, from, to PostState, number int64, after time.Duration) error {
	// The answer of Telegram is written down also when the caller goes.
	return store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *storage.Tx) error {
		if after > 0 && p.At.Add(after).After(tx.Now) {
			return fault.New(fault.Unavailable, "newsroom.fault.post_in_hand")
		}
		n, err := tx.Exec(ctx, `UPDATE news_post SET state = $3, number = CASE WHEN $4 > 0 THEN $4 ELSE number END, at = $5
			WHERE release_id = $1 AND lang = $2 AND state = $6`,
			p.Release, string(p.Lang), string(to), number, storage.Micros(tx.Now), string(from))
		if err == nil && n == 0 {
			return errTaken
		}
		if err != nil || to != PostSent {
			return err
		}
		// What changed while it was on its way is said now.
		r, err := ByID(ctx, tx, p.Release)
		if err != nil || !r.Changed.After(p.At) {
			return err
		}
		return jobs.Enqueue(ctx, tx, jobs.Job{Kind: AmendJob, Payload: ofPost{p.Release, p.Lang}, Key: p.Release.String() + " " + string(p.Lang) + " sent"})
	})
}

// amend says in the channel what the release says now.
func (m *Module) amend(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
	var of ofPost
	if err := json.Unmarshal(payload, &of); err != nil {
		return err
	}
	p, _, out, err := m.draw(ctx, store, of)
	if err != nil || out.Channel == "" || p.State != PostSent {
		return err
	}
	err = m.Bot.Amend(ctx, p.Number, out)
	var e *telegram.Error
	if errors.As(err, &e) && !e.Again && !e.Unsure {
		return jobs.GiveUp(err) // the bot may not write there any more: the post says what it said
	}
	return err
}
