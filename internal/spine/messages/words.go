package messages

import (
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/web"
)

// tone is the kind of tag for a state.
func tone(state string) string {
	switch state {
	case Sent:
		return "good"
	case Waiting, Sending:
		return "wait"
	case Failed, Unsure:
		return "bad"
	}
	return ""
}

// shownAt is the instant that matters: when it left, or is to leave.
func shownAt(m message) time.Time {
	if m.State == Waiting {
		return m.Due
	}
	return m.Moved
}

// explain gives the reason in words. The person reads no codes of servers.
func explain(r *web.Request, m message, person bool) string {
	if m.Reason == "" || m.State == Sent {
		return ""
	}
	key := "messages.reason." + m.Reason
	switch m.Reason {
	case mail.Unreachable, mail.Insecure, mail.BadSignIn, mail.BadAddress, mail.NoAnswer:
		key = "messages.reason.server"
		if m.Reason == mail.BadAddress {
			key = "messages.reason.address"
		}
	}
	if !r.Say.Has(key) && strings.HasPrefix(m.Reason, "sms_") {
		key = "messages.reason.sms_gateway"
	}
	if r.Say.Has(key) {
		return r.Say.T(key)
	}
	if person {
		return r.Say.T("messages.reason.refused")
	}
	return r.Say.T("messages.reason.code", "code", m.Reason)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func decimal(n int) string { return strconv.Itoa(n) }
