package messages

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// Written is an argument that staff have written, given in the language of the person. {name}
// in it is how she is called, and a word for anybody where the address is not proven; {link}
// is the address of the letter's button.
type Written i18n.Text

// The places in a Written.
const (
	NamePlace = "{name}"
	LinkPlace = "{link}"
)

// written is a Written in one language, before its places are filled.
type written string

// filled puts what only the letter knows into what staff have written.
func filled(args map[string]any, name, url string) map[string]any {
	places := strings.NewReplacer(NamePlace, name, LinkPlace, url)
	for key, v := range args {
		if w, ok := v.(written); ok {
			args[key] = places.Replace(string(w))
		}
	}
	return args
}

// paragraphs parts a text at its empty lines.
func paragraphs(text string) (out []string) {
	for _, part := range strings.Split(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// Fate is what became of a message.
type Fate struct {
	State, Channel, Reason string
}

// Reaches reports whether there is a channel, in order or not.
func (f Fate) Reaches() bool { return f.Channel != "" }

// ByMail, ByChat and ByText report whether it goes by that channel.
func (f Fate) ByMail() bool { return f.Channel == byMail }

// ByChat is told with ByMail.
func (f Fate) ByChat() bool { return f.Channel == byTelegram }

// ByText is told with ByMail.
func (f Fate) ByText() bool { return f.Channel == bySMS }

// Words say why it did not arrive; empty when it did, or there is nothing to say.
func (f Fate) Words(r *web.Request) string {
	return explain(r, message{State: f.State, Reason: f.Reason}, true)
}

// fatesAtOnce bounds the keys of one statement.
const fatesAtOnce = 500

// FatesOf gives what became of the messages with some keys; those that there are not are left out.
func (s *Service) FatesOf(ctx context.Context, tx *storage.Tx, keys []string) (map[string]Fate, error) {
	out := make(map[string]Fate, len(keys))
	for len(keys) > 0 {
		part := keys[:min(fatesAtOnce, len(keys))]
		keys = keys[len(part):]
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, key := range part {
			marks[i], args[i] = "$"+strconv.Itoa(i+1), key
		}
		if _, err := storage.All(ctx, tx, func(row storage.Scanner) (key string, err error) {
			var f Fate
			err = row.Scan(&key, &f.State, &f.Channel, &f.Reason)
			out[key] = f
			return key, err
		}, `SELECT dedupe, state, channel, reason
			FROM message
			WHERE dedupe IN (`+strings.Join(marks, ", ")+`)`, args...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Way tells by which channel a message would go to somebody, or why it would not. w is what
// WaysOf says of her number; words reports that there is a text message for her.
func (s *Service) Way(p people.Person, w people.Ways, words bool) (f Fate) {
	text := w.Text && s.textsTo(p)
	f.Channel, f.Reason = s.choose(plan{person: p, textual: text && words, mute: text && !words}, false)
	if f.Reason != "" {
		f.State = Skipped
	}
	return f
}

// Seen is a letter as its reader would see it.
type Seen struct {
	Lang             i18n.Language
	To               string // where it goes, with the middle left out
	Subject, Hello   string
	Paragraphs, Foot []string
	Action           string
}

// See gives a notice as a person would get it, and sends nothing. It is of an activity of hers.
func (s *Service) See(ctx context.Context, tx *storage.Tx, p people.Person, n Notice) (Seen, error) {
	plain, err := json.Marshal(content{Args: encodeArgs(n.Args), Lang: n.Lang, Beside: n.beside(), Instead: n.instead(), Path: n.Path})
	if err != nil {
		return Seen{}, err
	}
	c, err := decodeContent(plain)
	if err != nil {
		return Seen{}, err
	}
	var out Seen
	kind, value := people.EmailContact, p.Email
	out.To = masked(p.Email)
	if s.Way(p, people.Ways{}, false).Channel == byTelegram {
		kind, value = people.ChatContact, strconv.FormatInt(p.TelegramChat, 10)
		out.To = "Telegram"
	}
	proven, err := s.People.HasProven(ctx, tx, p.ID, kind, value)
	if err != nil {
		return out, err
	}
	var programme i18n.Text
	if s.Programme != nil {
		if programme, err = s.Programme(ctx, tx); err != nil {
			return out, err
		}
	}
	l, err := s.compose(p, n.Kind, c, c.Path, false, proven, programme)
	out.Lang, out.Subject, out.Hello, out.Paragraphs, out.Foot, out.Action = l.Lang, l.Subject, l.Greeting, l.Paragraphs, l.Foot, l.Action
	return out, err
}

// masked leaves of an address what its owner knows again and nobody else can write to.
func masked(email string) string {
	name, host, ok := strings.Cut(email, "@")
	if !ok {
		return ""
	}
	first := ""
	for _, r := range name {
		first = string(r)
		break
	}
	return first + "…@" + host
}
