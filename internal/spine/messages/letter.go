package messages

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// letter is a message in the words of one language.
type letter struct {
	Lang       i18n.Language
	Subject    string
	Greeting   string
	Paragraphs []string
	Action     string // empty for none
	URL        string
	Foot       []string
	Leave      string // address at which she leaves the list that it came by, empty for none
	Neutral    bool
}

// errText means that the catalogues have no text for the kind.
var errText = fmt.Errorf("messages: no text")

// compose writes a message for a person. path leads to the action; it is empty
// when there is none. named greets her by her name: a form may bring any words as a name,
// which must not stand in a letter of ours to an address that is not proven.
func (s *Service) compose(p people.Person, kind string, c content, path string, secret, named bool, programme i18n.Text) (letter, error) {
	lang, ok := i18n.Parse(string(p.Lang))
	if !ok {
		lang = i18n.Kyrgyz
	}
	if c.Lang != "" {
		lang = c.Lang
	}
	say := s.say.Printer(lang)
	l := letter{Lang: lang, Greeting: say.T("messages.greeting_plain")}
	if named {
		l.Greeting = say.T("messages.greeting", "name", p.Greeting())
	}
	name := say.T("messages.anybody")
	if named {
		name = p.Greeting()
	}
	if path != "" {
		l.URL = s.PublicURL + web.PathIn(lang, path)
	}
	key, args := "notice."+kind, filled(argsIn(c.Args, say), name, l.URL)
	switch {
	case secret && !(c.Typed && p.Neutral):
		l.Neutral = true
	case p.Neutral:
		l.Neutral, key, args = true, "messages.neutral", nil
	}
	if !say.Has(key+".subject") || !say.Has(key+".body") {
		return letter{}, errText
	}
	l.Subject = strings.Join(strings.Fields(say.With(key+".subject", args)), " ")
	l.Paragraphs = paragraphs(say.With(key+".body", args))
	if c.Instead != nil && !l.Neutral && c.Instead.Body.Exactly(lang) != "" {
		in := placesFor(args, lang, name, l.URL)
		l.Subject = strings.Join(strings.Fields(in.Replace(c.Instead.Subject.Exactly(lang))), " ")
		l.Paragraphs = paragraphs(in.Replace(c.Instead.Body.Exactly(lang)))
	}
	if c.Beside != nil && !l.Neutral {
		l.Paragraphs = append(l.Paragraphs, paragraphs(strings.NewReplacer(NamePlace, name, LinkPlace, l.URL).Replace(c.Beside.Exactly(lang)))...)
	}
	if path != "" {
		l.Action = say.T("messages.open")
		if say.Has(key + ".action") {
			l.Action = say.With(key+".action", args)
		}
	}
	if c.Leave != "" {
		l.Leave = s.PublicURL + web.PathIn(lang, c.Leave)
	}
	switch name := programme.In(lang); {
	case secret && say.Has(key+".foot"):
		l.Foot = []string{say.With(key+".foot", args)}
	case secret && c.Typed:
		l.Foot = []string{say.T("messages.foot.neutral")}
	case secret:
		l.Foot = []string{say.T("messages.foot.secret")}
	case l.Leave != "" && (l.Neutral || name == ""):
		l.Foot = []string{say.T("messages.foot.leave", "url", l.Leave)}
	case l.Leave != "":
		l.Foot = []string{say.T("messages.foot.list", "programme", name), say.T("messages.foot.leave", "url", l.Leave)}
	case l.Neutral:
		l.Foot = []string{say.T("messages.foot.neutral"), say.T("messages.foot.stop", "url", s.PublicURL+web.PathIn(lang, "/my/messages"))}
	case c.Reply && name != "":
		l.Foot = []string{
			say.T("messages.foot.reply", "programme", name),
			say.T("messages.foot.contact", "url", s.PublicURL+web.PathIn(lang, "/contact")),
		}
	case name != "":
		l.Foot = []string{
			say.T("messages.foot.why", "programme", name),
			say.T("messages.foot.stop", "url", s.PublicURL+web.PathIn(lang, "/my/messages")),
			say.T("messages.foot.contact", "url", s.PublicURL+web.PathIn(lang, "/contact")),
		}
	default:
		l.Foot = []string{
			say.T("messages.foot.stop", "url", s.PublicURL+web.PathIn(lang, "/my/messages")),
			say.T("messages.foot.contact", "url", s.PublicURL+web.PathIn(lang, "/contact")),
		}
	}
	return l, nil
}

// button is the address at which a mail program may leave the list by itself, which
// standards ask to be a safe one; empty where there is none.
func (l letter) button() string {
	if strings.HasPrefix(l.Leave, "https://") {
		return l.Leave
	}
	return ""
}

// text is the letter as plain text for mail.
func (l letter) text() string {
	parts := append([]string{l.Greeting}, l.Paragraphs...)
	if l.URL != "" {
		parts = append(parts, l.Action+":\n"+l.URL)
	}
	return strings.Join(parts, "\n\n") + "\n\n-- \n" + strings.Join(l.Foot, "\n") + "\n"
}

// chat is the letter as a message of a chat; the action is its button.
func (l letter) chat() string {
	return strings.Join(append([]string{l.Subject}, l.Paragraphs...), "\n\n")
}

// html is the letter as a page.
func (l letter) html(ctx context.Context) (string, error) {
	var b bytes.Buffer
	if err := mailPage(l).Render(ctx, &b); err != nil {
		return "", fmt.Errorf("write the mail: %w", err)
	}
	return b.String(), nil
}
