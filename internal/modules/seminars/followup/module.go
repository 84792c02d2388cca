package followup

import (
	"context"
	"embed"
	"io/fs"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
)

//go:embed text/*.json
var files embed.FS

// texts are ky.json, ru.json and en.json.
func texts() fs.FS {
	text, err := fs.Sub(files, "text")
	if err != nil {
		panic("followup: " + err.Error()) // the folder is embedded above
	}
	return text
}

// catalogue gives the texts of this room, for questions that are stored in all three languages.
var catalogue = sync.OnceValue(func() *i18n.Catalogue {
	c, err := i18n.Load(texts())
	if err != nil { // they are part of the binary, and the check of texts reads them
		c, _ = i18n.Load()
	}
	return c
})

// Module is the questions after a yes.
type Module struct {
	*seats.Service
	Parts head.Parts // the pages of an activity, of all rooms
}

// New makes the questions of these seats, which tell of each yes and of two applications that
// become one.
func New(s *seats.Service) *Module {
	m := &Module{Service: s}
	s.SaidYes, s.Owing = m.saidYes, owing
	before := s.Joined
	s.Joined = func(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
		if before != nil {
			if err := before(ctx, tx, stays, goes); err != nil {
				return err
			}
		}
		return joined(ctx, tx, stays, goes)
	}
	return m
}

// withSeats reports whether people come to an activity by a seat.
func withSeats(a programme.Activity) bool { return a.Kind == programme.Seminar || a.Capacity > 0 }

const staffPath = "/staff/seminars/{slug}/more"

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	hers, letter, invitation := m.own, m.byLink(seats.LinkToApplication, "/a/"), m.byLink(seats.LinkToInvitation, "/i/")
	rate := web.Rate{Count: 120, Per: time.Hour}
	return module.Manifest{
		Name:  "followup",
		Texts: texts(),
		Built: append(messages.Built(askNotice, againNotice), messages.BuiltShort(askNotice, againNotice),
			i18n.Built{Keys: "followup.use.*", Of: Uses, Why: "what answers are counted for"},
			i18n.Built{Keys: "followup.use.*.about", Of: Uses, Why: "what the lines are for"},
			i18n.Built{Keys: "followup.ready.*", Of: readyKeys(), Why: "the questions that are ready to be taken over, in ready.go"},
		),
		Routes: []web.Route{
			{Method: "GET", Pattern: "/my/applications/{id}/more", Needs: access.Applied, Handler: m.show(hers)},
			{Method: "POST", Pattern: "/my/applications/{id}/more", Needs: access.Applied, Handler: m.take(hers), Rate: rate},
			{Method: "GET", Pattern: "/a/{token}/more", Needs: access.Public, Handler: m.show(letter)},
			{Method: "POST", Pattern: "/a/{token}/more", Needs: access.Public, Handler: m.take(letter), Rate: rate},
			{Method: "GET", Pattern: "/i/{token}/more", Needs: access.Public, Handler: m.show(invitation)},
			{Method: "POST", Pattern: "/i/{token}/more", Needs: access.Public, Handler: m.take(invitation), Rate: rate},

			{Method: "GET", Pattern: staffPath, Needs: seats.MaySelect, Handler: m.showStaff},
			{Method: "POST", Pattern: staffPath + "/rules", Needs: seats.MaySetUp, Handler: m.takeRules},
			{Method: "POST", Pattern: staffPath + "/ask", Needs: seats.MaySelect, Handler: m.takeAskAgain, Danger: true},
			{Method: "GET", Pattern: staffPath + "/form", Needs: seats.MaySetUp, Handler: m.showForm},
			{Method: "POST", Pattern: staffPath + "/form", Needs: seats.MaySetUp, Handler: m.takeForm},
			{Method: "GET", Pattern: staffPath + "/answers", Needs: seats.MaySelect, Handler: m.showAnswers},
			{Method: "GET", Pattern: staffPath + "/lines", Needs: seats.MayAdmit, Handler: m.showLines},
			{Method: "POST", Pattern: staffPath + "/lines/file", Needs: seats.MayAdmit, Handler: m.sendLines, Rate: rate},
		},
		Event: []module.EventPart{
			{NavItem: web.NavItem{Key: "followup.part", Path: staffPath, Needs: seats.MaySelect, Order: 460}, Under: module.OnTheDay, Of: withSeats},
			{NavItem: web.NavItem{Key: "followup.part.door", Path: staffPath + "/lines", Needs: seats.MayAdmit, Order: 490}, Under: module.OnTheDay, Of: withSeats},
		},
		Jobs:            m.jobs(),
		Automatic:       []module.Automatic{{Kind: askNotice, Text: "followup.automatic.ask", When: "followup.automatic.ask.when", To: "followup.automatic.ask.to"}, {Kind: againNotice, Text: "followup.automatic.again", When: "followup.automatic.again.when", To: "followup.automatic.again.to"}},
		Mine:            m.mine,
		MyData:          m.myData,
		ActivityChanged: m.activityChanged,
		Merge:           m.merge,
		Erase:           erase,
		Export:          m.export,
		Reads: map[string]string{
			"followup:": "followup.kept", "followup.Answers.values.*": "data", "followup.Answers.files.*": "data", "followup.Answers.asked.*": "data",
		},
	}
}
