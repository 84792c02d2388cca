package roster

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

func reachPath(id storage.ID) string { return "/people/" + id.String() + "/contacts" }

// mayShow reports whether something of the contacts is masked.
func (p personPage) mayShow() bool {
	return slices.ContainsFunc(p.Contacts, func(c people.Contact) bool { return c.Kind != people.ChatContact && c.ID != p.Shown.ID })
}

// contactLinks are the ways to use a contact that is shown. They carry no words: what
// opens at the other end tells nobody what it is about.
func contactLinks(r *web.Request, c people.Contact) []kit.Link {
	switch c.Kind {
	case people.PhoneContact:
		return []kit.Link{
			{Path: "tel:" + c.Value, Label: r.Say.T("people.reach.call")},
			{Path: "https://wa.me/" + strings.TrimPrefix(c.Value, "+"), Label: "WhatsApp"},
			{Path: "https://t.me/" + c.Value, Label: "Telegram"},
		}
	case people.EmailContact:
		return []kit.Link{{Path: "mailto:" + c.Value, Label: r.Say.T("people.reach.write")}}
	}
	return nil
}

// reasonItems are the reasons to choose from; none is chosen beforehand.
func reasonItems(r *web.Request) []kit.Item {
	out := []kit.Item{{Label: r.Say.T("people.reach.choose")}}
	for _, reason := range people.LookReasons {
		out = append(out, kit.Item{Value: reason, Label: r.Say.T("people.reason." + reason)})
	}
	return out
}

// showContact answers with the page of a person on which one contact stands whole: in this
// answer alone, so that no address leads back to it.
func (s *Pages) showContact(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	cmd := people.ShowContact{By: r.Actor, Person: id, Reason: r.PostFormValue("reason"), Words: r.PostFormValue("words")}
	cmd.Contact, _ = storage.ParseID(r.PostFormValue("contact")) // what is no contact, the use case does not find
	page := personPage{Reason: cmd.Reason, Words: cmd.Words}
	wrong, err := web.Invalid(s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if page.Shown, err = s.people.ShowContact(ctx, tx, cmd); err != nil {
			return err
		}
		return s.fillPerson(ctx, tx, r, id, &page)
	}))
	if err != nil {
		return err
	}
	if wrong != nil {
		page.Shown, page.Fault, page.ShowFault = people.Contact{}, wrong, wrong
		return s.showPersonWith(r, web.Status(wrong.Code), page)
	}
	page.Reason, page.Words = "", ""
	return s.drawPerson(r, http.StatusOK, page)
}
