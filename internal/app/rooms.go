package app

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/roster"
	"platforma.kg/ashar/internal/spine/people/signin"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/demomaterials"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/pages"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/public"
)

// rooms are the parts that the house speaks to by name.
type rooms struct {
	people    *people.Service
	messages  *messages.Service
	mail      mail.Sender
	programme *programme.Service
	materials *materials.Service
	plan      *plan.Service
	bot       *telegram.Bot
	exports   *exports.Service
	modules
}

// furnish makes the rooms and the modules and joins them.
func (a *App) furnish(ctx context.Context) error {
	base := a.config.Base()
	a.book = profile.NewBook(a.store)
	if err := a.book.Open(ctx); err != nil {
		return err
	}
	var issuer *oidc.Issuer
	if a.config.OIDCIssuer != "" {
		issuer = oidc.New(oidc.Options{
			Issuer: a.config.OIDCIssuer, ID: a.config.OIDCID, Secret: a.config.OIDCSecret, Back: base + people.IssuerBack, Clock: a.options.Clock,
		})
	}
	a.rooms.people = people.New(people.Options{
		Keys: a.keys, Store: a.store, PublicURL: base,
		Tombstones: Tombstones(a.config, a.keys),
		Book:       a.book,
		Issuer:     issuer, Demo: a.options.Demo, Log: a.options.Log,
	})
	sender, box, err := a.mail()
	if err != nil {
		return err
	}
	a.box = box
	if a.config.TelegramToken != "" {
		a.rooms.bot = telegram.New(telegram.Options{Token: a.config.TelegramToken, URL: a.config.TelegramURL})
	}
	a.rooms.mail = sender
	carrier, err := a.texts()
	if err != nil {
		return err
	}
	a.rooms.messages = messages.New(messages.Options{
		Store: a.store, People: a.rooms.people, Mail: sender, Box: box, Telegram: a.rooms.bot, PublicURL: base,
		SMS: carrier.sender, Texts: carrier.box, Price: carrier.price, Daily: carrier.daily,
		Programme: programmeName, Activity: activityTitle, Scope: messageScope, Places: messagePlaces, Log: a.options.Log,
	})
	a.rooms.people.SendWith(a.rooms.messages)
	a.rooms.programme = programme.New(programme.Options{Changed: a.house.ActivityChanged, Moved: a.house.ActivityMoved, Concerned: a.house.Concerned, Hangs: a.house.Hangs, Binds: a.house.Binds, Facilitators: a.facilitators, Knows: a.house.Knows, Book: a.book, Night: a.night()})
	a.rooms.materials = materials.New(materials.Options{Store: a.store, Programme: a.rooms.programme, Files: a.files, TakesPart: a.house.TakesPart, Parts: a.house.Event})
	a.rooms.plan = plan.New(plan.Options{Programme: a.rooms.programme, Say: func(f *fault.Error) string { return a.Texts(i18n.English).With(f.Key, f.Args) }})
	front := public.New(public.Options{Store: a.store, Programme: a.rooms.programme, Materials: a.rooms.materials, Panels: a.house.Panels, Home: a.house.Home, Contact: a.house.Contact, Marks: a.house.Marks, Open: a.house.Open})
	planning := pages.New(pages.Options{Store: a.store, Programme: a.rooms.programme, Plan: a.rooms.plan, Parts: a.house.Event, Names: a.names, Fared: fared, Words: a.Texts, Beside: a.house.Planning})
	signins := signin.New(signin.Options{People: a.rooms.people, Store: a.store, Home: "/start", Issuer: issuer, Log: a.options.Log, Activity: activityTitle})
	a.rooms.exports = exports.New(exports.Options{Store: a.store, People: a.rooms.people, Kinds: a.house.Exports, Table: func() access.Table { return a.table }})
	rosters := roster.New(roster.Options{People: a.rooms.people, Store: a.store, PublicURL: base, Cities: a.cityItems, Activities: a.activityItems, Exports: a.rooms.exports, Picks: a.house.Picks, House: &a.house, Places: scopesOf})
	a.house.Furnish(
		a.rooms.people.Manifest(), signins.Manifest(), rosters.Manifest(), a.rooms.messages.Manifest(), a.rooms.exports.Manifest(),
		a.rooms.materials.Manifest(), front.Manifest(), planning.Manifest(),
		module.Manifest{Name: "profile", Texts: profile.Texts(), Built: profile.Built()}, // which stands below module
		module.Manifest{Name: "forms", Texts: forms.Texts(), Built: forms.Built()},
		module.Manifest{Name: "ledger", Jobs: ledger.Jobs()}, // which module speaks of, so that it cannot speak of module
		a.style(),
		demomaterials.Manifest(demomaterials.Options{Store: a.store, Materials: a.rooms.materials}),
	)
	a.house.Furnish(a.modules()...)
	if a.options.modules != nil {
		a.house.Furnish(a.options.modules(a)...)
	}
	list := a.house.Manifests()
	a.rooms.people.Attach(list)
	if err := a.bury(ctx); err != nil {
		return err
	}
	if err := a.rooms.people.Settle(ctx); err != nil {
		return err
	}
	catalogue, err := texts(list)
	if err != nil {
		return err
	}
	catalogue.Bring(func() any { return a.book.Now() })
	a.rooms.messages.Speak(catalogue)
	a.rooms.exports.Speak(catalogue)
	front.Speak(catalogue)
	return a.join(catalogue)
}

// facilitators lists who may be chosen to lead what lies in a place: whose role
// reaches it.
func (a *App) facilitators(ctx context.Context, tx *storage.Tx, at access.Scope) ([]programme.Facilitator, error) {
	ids, err := a.rooms.people.HoldersAt(ctx, tx, access.Facilitator, at)
	if err != nil {
		return nil, err
	}
	persons, err := a.rooms.people.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []programme.Facilitator
	for _, id := range ids {
		if p, there := persons[id]; there {
			out = append(out, programme.Facilitator{ID: id, Name: p.FullName})
		}
	}
	return out, nil
}

// fared counts how the messages fared that told of a move.
func fared(ctx context.Context, tx *storage.Tx, m programme.Move) (out pages.Fared, err error) {
	out.Arrived, out.UnderWay, out.Failed, err = messages.FaredAt(ctx, tx, m.Activity, messages.MovedKeys(m.ID))
	return out, err
}

// names gives the full names of people; who is gone is left out.
func (a *App) names(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]string, error) {
	persons, err := a.rooms.people.ByIDs(ctx, tx, ids)
	out := make(map[storage.ID]string, len(persons))
	for id, p := range persons {
		out[id] = p.FullName
	}
	return out, err
}

// mail gives what carries mail: a server when one is named, else, in the demo, a mailbox page.
func (a *App) mail() (mail.Sender, *mail.Box, error) {
	if a.config.SMTPURL == "" {
		if !a.options.Demo {
			return nil, nil, nil
		}
		box := mail.NewBox(500)
		return demoMail{box}, box, nil
	}
	address, err := url.Parse(a.config.SMTPURL)
	if err != nil {
		return nil, nil, errors.New("ASHAR_SMTP_URL cannot be read")
	}
	from := address.Query().Get("from")
	if from == "" {
		public, err := url.Parse(a.config.Base())
		if err != nil {
			return nil, nil, errors.New("ASHAR_PUBLIC_URL cannot be read")
		}
		from = "post@" + public.Hostname() // names nothing, for those who asked for neutral messages
	}
	smtp, err := mail.NewSMTP(a.config.SMTPURL, from)
	return smtp, nil, err
}

// texting is what carries text messages; without a sender none go.
type texting struct {
	sender sms.Sender
	box    *sms.Box // of the demo
	price  int64
	daily  int
}

// texts gives what carries text messages: a gateway when one is named, else, in a demo that was
// asked for them, a box beside its mailbox.
func (a *App) texts() (t texting, err error) {
	o, err := a.config.SMS()
	switch {
	case err != nil:
		return t, err
	case o != nil:
		t.price, t.daily = o.Price, o.Daily
		t.sender, err = sms.New(o.Options)
	case a.options.Demo && a.options.SMS:
		t.box, t.price, t.daily = sms.NewBox(500, a.store.Now), 250, 300
		t.sender = t.box
	}
	return t, err
}

// startOthers begins what runs beside the server and gives what ends it.
func (a *App) startOthers(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	if a.rooms.bot != nil {
		running.Go(func() { a.rooms.messages.Listen(ctx) })
	}
	return func() {
		cancel()
		running.Wait()
	}
}

// address says how a person likes to be addressed.
func (a *App) address(ctx context.Context, tx *storage.Tx, id storage.ID) (string, error) {
	p, err := a.rooms.people.ByID(ctx, tx, id)
	if p.AddressAs != "" {
		return p.AddressAs, err
	}
	return p.FullName, err
}

// cityItems lists the cities, also those that are no longer offered: people are of them.
func (a *App) cityItems(l i18n.Language) []kit.Item {
	var out []kit.Item
	for _, c := range a.book.Now().All(profile.City) {
		out = append(out, kit.Item{Value: c.Code, Label: c.Now.Name.In(l)})
	}
	return out
}

// activityItems lists the activities that are not long over, also those without a day yet,
// for roles that hold at one alone: all of them for who gives roles, else those that the
// asker may know of.
func (h *App) activityItems(ctx context.Context, tx *storage.Tx, actor access.Actor, l i18n.Language) ([]kit.Item, error) {
	list, err := programme.All(ctx, tx, programme.Filter{})
	if err != nil {
		return nil, err
	}
	var out []kit.Item
	for _, a := range list {
		if !a.Ends.IsZero() && a.Ends.Before(tx.Now.AddDate(0, 0, -31)) {
			continue
		}
		if !people.Everywhere(actor, "people.roles") {
			if sees, err := h.rooms.programme.Sees(ctx, tx, actor, a); err != nil {
				return nil, err
			} else if !sees {
				continue
			}
		}
		label := a.Title.In(l)
		if a.City != "" {
			label += ", " + a.CityName(h.book.Now(), l)
		}
		if !a.Starts.IsZero() {
			label += ", " + i18n.Date(l, a.Starts)
		}
		out = append(out, kit.Item{Value: a.ID.String(), Label: label})
	}
	return out, nil
}

func programmeName(ctx context.Context, tx *storage.Tx) (i18n.Text, error) {
	p, err := programme.Current(ctx, tx)
	if fault.Is(err, fault.NotFound) {
		return i18n.Text{}, nil
	}
	return p.Name, err
}

func activityTitle(ctx context.Context, tx *storage.Tx, id storage.ID) (i18n.Text, error) {
	a, err := programme.ByID(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return i18n.Text{}, nil
	}
	return a.Title, err
}

// scopesOf tells where activities lie.
func scopesOf(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]access.Scope, error) {
	found, err := programme.ByIDs(ctx, tx, ids)
	out := make(map[storage.ID]access.Scope, len(found))
	for id, a := range found {
		out[id] = a.Scope()
	}
	return out, err
}

// messagePlaces tells where activities lie and what they are called.
func messagePlaces(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]messages.Place, error) {
	found, err := programme.ByIDs(ctx, tx, ids)
	out := make(map[storage.ID]messages.Place, len(found))
	for id, a := range found {
		out[id] = messages.Place{Scope: a.Scope(), Title: a.Title, Hidden: a.InvitationOnly}
	}
	return out, err
}

// messageScope tells where an activity lies, and for none where the programme does.
func messageScope(ctx context.Context, tx *storage.Tx, id storage.ID) (access.Scope, error) {
	if id.IsZero() {
		p, err := programme.Current(ctx, tx)
		if fault.Is(err, fault.NotFound) {
			return access.Scope{}, nil
		}
		return access.Scope{Programme: p.ID}, err
	}
	a, err := programme.ByID(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return access.Scope{Activity: id}, nil
	}
	return access.Scope{Programme: a.Programme, City: a.City, Activity: id}, err
}
