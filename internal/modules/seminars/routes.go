package seminars

import (
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/forms"
)

func (m *Module) applicationRoutes() []web.Route {
	application, invitation := m.byLink(linkApplication, "/a/"), m.byLink(linkInvitation, "/i/")
	return []web.Route{
		{Method: "GET", Pattern: "/events/{slug}/apply", Needs: access.Public, Handler: m.showForm},
		{Method: "POST", Pattern: "/events/{slug}/apply", Needs: access.Public, Handler: m.takeForm, Limit: forms.MostBytes, Upload: files.Most, Rate: m.applyRate()},
		{Method: "GET", Pattern: "/events/{slug}/applied", Needs: access.Public, Handler: m.applied},
		{Method: "GET", Pattern: "/a/{token}", Needs: access.Public, Handler: m.showMine(application)},
		{Method: "POST", Pattern: "/a/{token}", Needs: access.Public, Handler: m.takeReply(application)},
		{Method: "GET", Pattern: "/i/{token}", Needs: access.Public, Handler: m.showMine(invitation)},
		{Method: "POST", Pattern: "/i/{token}", Needs: access.Public, Handler: m.takeReply(invitation)},
		{Method: "GET", Pattern: "/my/applications", Needs: access.Applied, Handler: m.showAllMine},
		{Method: "GET", Pattern: "/my/applications/{id}", Needs: access.Applied, Handler: m.showMine(m.own)},
		{Method: "GET", Pattern: "/my/applications/{id}/files/{key}", Needs: access.SignedIn, Handler: m.sendMyFile},
		{Method: "POST", Pattern: "/my/applications/{id}", Needs: access.Applied, Handler: m.takeReply(m.own)},
		{Method: "POST", Pattern: "/my/applications/{id}/reach", Needs: access.Applied, Handler: m.takeReach, Rate: m.applyRate()},

		{Method: "GET", Pattern: "/staff/seminars", Needs: MaySelect, Handler: m.showOverviews},
		{Method: "GET", Pattern: "/staff/seminars/{slug}", Needs: MaySelect, Handler: m.showOverview},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/applicants", Needs: MaySelect, Handler: m.showSelection},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/applicants", Needs: MaySelect, Handler: m.takeSelection},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/applicants/{id}", Needs: MaySelect, Handler: m.showApplicant},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/applicants/{id}/files/{key}", Needs: MaySelect, Handler: m.sendFile},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/calls", Needs: MaySelect, Handler: m.showCalls},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/calls", Needs: MaySelect, Handler: m.takeCall, Danger: true},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/apart", Needs: MaySelect, Handler: m.takeApart, Danger: true},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/news", Needs: MaySelect, Handler: m.sendNews},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/export", Needs: MaySelect, Handler: m.sendTable, Danger: true, Fresh: "/staff/seminars/{slug}"},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/invite", Needs: MaySelect, Handler: m.showInvite},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/invite", Needs: MaySelect, Handler: m.takeInvite},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/seats", Needs: MaySetUp, Handler: m.showSeats},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/seats", Needs: MaySetUp, Handler: m.takeSeats},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/form", Needs: MaySetUp, Handler: m.showFormEditor},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/form", Needs: MaySetUp, Handler: m.takeFormEditor},
	}
}
