package newsroom

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

func mailingItems(r *web.Request) []kit.Item {
	return []kit.Item{
		{Value: "never", Label: r.Say.T("newsroom.mailing.never")},
		{Value: string(MailLater), Label: r.Say.T("newsroom.mailing.later")},
		{Value: string(MailNow), Label: r.Say.T("newsroom.mailing.now")},
	}
}

// mailingChosen is what was chosen when the release was scheduled; never until then.
func mailingChosen(p editorPage) string {
	switch {
	case p.Move.Get("mail") != "":
		return p.Move.Get("mail")
	case p.Mailing.State == MailingTicked && p.Mailing.AtOnce:
		return string(MailNow)
	case p.Mailing.State == MailingTicked:
		return string(MailLater)
	}
	return "never"
}

// readMailing reads the choice: what is none of them sends nothing.
func readMailing(text string) Mailing {
	switch Mailing(text) {
	case MailLater, MailNow:
		return Mailing(text)
	}
	return MailNever
}

// mailingWords says how far a mailing is.
func mailingWords(r *web.Request, v MailingOf) string {
	state := v.Shown()
	key := "newsroom.mailing.state." + string(state)
	switch state {
	case MailingWaiting:
		return r.Say.T(key, "when", i18n.DateTime(r.Lang, v.Send))
	case MailingSending, MailingSent, MailingStopped:
		return r.Say.T(key, "count", v.Left())
	}
	return r.Say.T(key)
}
