package newsroom

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// inquiryTone is the kind of tag for a state.
func inquiryTone(s InquiryState) string {
	switch s {
	case InquiryNew, InquiryTaken:
		return "wait"
	case InquiryAnswered:
		return "good"
	}
	return ""
}

// askerOf says for whom she asks: "Press, Kaktus".
func askerOf(r *web.Request, a Asked) string {
	from := r.Say.T("newsroom.from." + a.From)
	if a.Outlet != "" {
		from += ", " + a.Outlet
	}
	return from
}

// stepLine says what was done and when, and by whom where that is known and told.
func stepLine(r *web.Request, s InquiryStep, by string) string {
	line := r.Say.T("newsroom.inquiry.step."+s.Kind) + " · " + i18n.DateTime(r.Lang, s.At)
	if by != "" {
		line += " · " + by
	}
	return line
}

// answerHelp says where an answer goes.
func answerHelp(r *web.Request, p inquiryPage) string {
	if p.Own {
		return r.Say.T("newsroom.inquiry.words.own", "language", kit.LanguageName(p.Who.Lang))
	}
	if p.Proven {
		return r.Say.T("newsroom.inquiry.words.proven", "email", p.Who.Email)
	}
	return r.Say.T("newsroom.inquiry.words.typed", "email", p.Who.Email)
}
