package messages

import (
	"context"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// Carriers are what carries messages in this house.
type Carriers struct{ Mail, Chat, Text bool }

// Carriers tells what carries messages here.
func (s *Service) Carriers() Carriers {
	return Carriers{Mail: s.Mail != nil, Chat: s.Telegram != nil, Text: s.SMS != nil}
}

// Way judges by which channel a message goes to who can be reached in some ways: the one
// judgement behind what is sent and behind every list of those whom nothing reaches. words
// reports that there is a short text of it. A chat comes first, then mail; a text message,
// which costs, only where neither is. Channel is empty when nothing reaches her; it stands
// beside a Reason when it is only out of order in this house.
func (c Carriers) Way(w people.Ways, words bool) Fate {
	text := c.Text && w.Text
	switch {
	case c.Chat && w.Chat:
		return Fate{Channel: byTelegram}
	case c.Mail && w.Email:
		return Fate{Channel: byMail}
	case text && words:
		return Fate{Channel: bySMS}
	case w.Email:
		return Fate{State: Skipped, Channel: byMail, Reason: reasonOff}
	case text:
		return Fate{State: Skipped, Reason: reasonNoWords}
	}
	return Fate{State: Skipped, Reason: reasonNoAddress}
}

// HasShort reports whether a kind of message has a text for telephones.
func (s *Service) HasShort(kind string) bool {
	return s.say != nil && s.say.Printer(i18n.Kyrgyz).Has("notice."+kind+".sms")
}

// textsTo reports whether text messages go to somebody at all: numbers of invented people may
// belong to somebody.
func (s *Service) textsTo(p people.Person) bool {
	return s.SMS != nil && (!p.Demo || s.Texts != nil)
}

// mayText finds the number of a text message, and whether there are words for it.
func (s *Service) mayText(ctx context.Context, tx *storage.Tx, p *plan, c content) error {
	if !s.textsTo(p.person) || p.Secret || c.Leave != "" || c.Email != "" || c.Chat != "" {
		return nil
	}
	var ok bool
	var err error
	if p.number, ok, err = s.People.TextContact(ctx, tx, p.person); err != nil || !ok {
		return err
	}
	p.textual = s.HasShort(p.Kind) || c.Short != nil && c.Short.In(langOf(p.person)) != ""
	p.mute = !p.textual
	return nil
}

func langOf(p people.Person) i18n.Language {
	l, ok := i18n.Parse(string(p.Lang))
	if !ok {
		return i18n.Kyrgyz
	}
	return l
}

// shortText is what a text message says: the activity, one sentence and the link. To who asked
// for neutral messages, and of an activity that is not public, it says only that there is news.
// It is no longer than MostParts: the name of the activity is cut first, then the sentence.
func (s *Service) shortText(ctx context.Context, tx *storage.Tx, p plan, c content, path string, programme i18n.Text) (string, error) {
	lang := langOf(p.person)
	say := s.say.Printer(lang)
	place := Place{Hidden: true}
	if p.Activity.IsZero() {
		place = Place{Title: programme}
	} else if s.Places != nil {
		found, err := s.Places(ctx, tx, []storage.ID{p.Activity})
		if err != nil {
			return "", err
		}
		if one, there := found[p.Activity]; there {
			place = one
		}
	}
	url := ""
	if path != "" {
		url = s.PublicURL + web.PathIn(lang, path)
	}
	if p.person.Neutral || place.Hidden {
		return joinShort("", say.T("messages.short.hidden"), url), nil
	}
	words := ""
	if c.Short != nil {
		words = c.Short.In(lang)
	} else {
		words = say.With("notice."+p.Kind+".sms", filled(argsIn(c.Args, say), say.T("messages.anybody"), url))
	}
	return joinShort(place.Title.In(lang), words, url), nil
}

// ShortText is a text message as it would stand on a telephone, and how long it is; its link is
// as long as links are. Of what is hidden it says only that there is news.
func (s *Service) ShortText(l i18n.Language, title i18n.Text, words string, hidden bool) (string, sms.Length) {
	url, name := s.PublicURL+web.PathIn(l, "/m/"+strings.Repeat("x", 24)), title.In(l)
	if hidden {
		name, words = "", s.say.Printer(l).T("messages.short.hidden")
	}
	text := joinShort(name, words, url)
	return text, sms.Count(text)
}

// mostTitle is how many letters of the name of an activity stand in a text message.
const mostTitle = 40

// plainer writes what typography adds with letters that every telephone has: a single dash
// would more than halve what a part holds.
var plainer = strings.NewReplacer("\u2013", "-", "\u2014", "-", "\u00a0", " ", "\u202f", " ", "«", "\"", "»", "\"", "“", "\"", "”", "\"", "„", "\"", "’", "'", "…", "...", "\n", " ")

// joinShort puts a text message together.
func joinShort(title, words, url string) string {
	words = strings.Join(strings.Fields(plainer.Replace(words)), " ")
	title = cut(strings.Join(strings.Fields(plainer.Replace(title)), " "), mostTitle)
	for {
		text := words
		if title != "" {
			text = title + ": " + words
		}
		if url != "" {
			text += " " + url
		}
		if sms.Count(text).Parts <= sms.MostParts || words == "" {
			return text
		}
		if title != "" {
			title = cut(title, len([]rune(title))/2)
			continue
		}
		words = cut(words, len([]rune(words))*3/4)
	}
}

// cut leaves so many letters at most, with dots in the place of the others.
func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	if most < 4 {
		return ""
	}
	return strings.TrimSpace(string(r[:most-3])) + "..."
}
