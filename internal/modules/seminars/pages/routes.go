package pages

import (
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

func (m *Module) applicationRoutes() []web.Route {
	application, invitation := m.byLink(seats.LinkToApplication, "/a/"), m.byLink(seats.LinkToInvitation, "/i/")
	return []web.Route{
		{Method: "GET", Pattern: "/events/{slug}/apply", Needs: access.Public, Handler: m.showForm},
		{Method: "POST", Pattern: "/events/{slug}/apply", Needs: access.Public, Handler: m.takeForm, Limit: forms.MostBytes, Upload: files.Most, Rate: m.applyRate()},
		{Method: "GET", Pattern: "/events/{slug}/applied", Needs: access.Public, Handler: m.applied},
		{Method: "GET", Pattern: "/events/{slug}/companion/{token}", Needs: access.Public, Handler: m.showCompanion},
		{Method: "POST", Pattern: "/events/{slug}/companion/{token}", Needs: access.Public, Handler: m.takeJoin, Rate: m.applyRate()},
		{Method: "GET", Pattern: "/a/{token}", Needs: access.Public, Handler: m.showMine(application)},
		{Method: "POST", Pattern: "/a/{token}", Needs: access.Public, Handler: m.takeReply(application)},
		{Method: "GET", Pattern: "/i/{token}", Needs: access.Public, Handler: m.showMine(invitation)},
		{Method: "POST", Pattern: "/i/{token}", Needs: access.Public, Handler: m.takeReply(invitation)},
		{Method: "GET", Pattern: "/my/applications", Needs: access.Applied, Handler: m.showAllMine},
		{Method: "GET", Pattern: "/my/applications/{id}", Needs: access.Applied, Handler: m.showMine(m.own)},
		{Method: "GET", Pattern: "/my/applications/{id}/files/{key}", Needs: access.SignedIn, Handler: m.sendMyFile},
		{Method: "POST", Pattern: "/my/applications/{id}", Needs: access.Applied, Handler: m.takeReply(m.own)},
		{Method: "GET", Pattern: "/my/applications/{id}/answers", Needs: access.SignedIn, Handler: m.showChangeAnswers},
		{Method: "POST", Pattern: "/my/applications/{id}/answers", Needs: access.SignedIn, Handler: m.takeChangeAnswers, Limit: forms.MostBytes, Rate: m.applyRate(), Upload: files.Most},
		{Method: "POST", Pattern: "/my/applications/{id}/reach", Needs: access.Applied, Handler: m.takeReach, Rate: m.applyRate()},

		{Method: "GET", Pattern: "/staff/applications", Needs: seats.MaySelect, Handler: m.showRegister},
		{Method: "POST", Pattern: "/staff/applications", Needs: seats.MaySelect, Handler: m.seekRegister},
		{Method: "POST", Pattern: "/staff/applications/choose", Needs: seats.MaySelect, Handler: m.chooseMany, Danger: true},
		{Method: "POST", Pattern: "/staff/applications/export", Needs: seats.MaySelect, Handler: m.sendRegister, Danger: true, Fresh: "/staff/applications"},
		{Method: "POST", Pattern: inviteManyPath, Needs: seats.MaySelect, Handler: m.inviteMany, Danger: true},
		{Method: "GET", Pattern: "/staff/seminars", Needs: seats.MaySelect, Handler: m.showOverviews},
		{Method: "GET", Pattern: "/staff/seminars/{slug}", Needs: seats.MaySelect, Handler: m.showOverview},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/applicants", Needs: seats.MaySelect, Handler: m.showSelection},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/applicants", Needs: seats.MaySelect, Handler: m.takeSelection},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/applicants/{id}", Needs: seats.MaySelect, Handler: m.showApplicant},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/applicants/{id}/contacts", Needs: seats.MaySelect, Handler: m.showApplicantContact, Danger: true},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/applicants/{id}/why", Needs: seats.MaySelect, Handler: m.answerWhy, Danger: true},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/applicants/{id}/companion", Needs: seats.MaySelect, Handler: m.takePart, Danger: true},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/applicants/{id}/notes", Needs: seats.MaySelect, Handler: m.takeNote},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/applicants/{id}/tags", Needs: seats.MaySelect, Handler: m.takeTag},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/applicants/{id}/files/{key}", Needs: seats.MaySelect, Handler: m.sendFile},
		{Method: "GET", Pattern: reviewPath, Needs: seats.MaySelect, Handler: m.showRubric},
		{Method: "POST", Pattern: reviewPath, Needs: seats.MaySelect, Handler: m.takeRubric},
		{Method: "POST", Pattern: reviewPath + "/open", Needs: seats.MaySelect, Handler: m.openScores},
		{Method: "GET", Pattern: "/review/{slug}", Needs: review.MayReview, Handler: m.showQueue},
		{Method: "GET", Pattern: "/review/{slug}/{number}", Needs: review.MayReview, Handler: m.showBlind},
		{Method: "POST", Pattern: "/review/{slug}/{number}", Needs: review.MayReview, Handler: m.takeScore},
		{Method: "GET", Pattern: chooserPath, Needs: seats.MaySelect, Handler: m.showDraw},
		{Method: "POST", Pattern: chooserPath, Needs: seats.MaySelect, Handler: m.takeRules, Rate: web.Rate{Count: 600, Per: time.Hour}},
		{Method: "POST", Pattern: chooserPath + "/draw", Needs: seats.MaySelect, Handler: m.takeDraw, Danger: true, Rate: web.Rate{Count: 60, Per: time.Hour}},
		{Method: "POST", Pattern: chooserPath + "/mark", Needs: seats.MaySelect, Handler: m.takeMarks},
		{Method: "POST", Pattern: chooserPath + "/files", Needs: seats.MaySelect, Handler: m.sendDrawFile, Danger: true, Fresh: chooserPath},
		{Method: "GET", Pattern: chooserPath + "/send", Needs: seats.MaySelect, Handler: m.showTell},
		{Method: "POST", Pattern: chooserPath + "/send", Needs: seats.MaySelect, Handler: m.takeTell, Danger: true},
		{Method: "POST", Pattern: chooserPath + "/close", Needs: seats.MaySelect, Handler: m.takeClose, Danger: true},
		{Method: "POST", Pattern: chooserPath + "/undo", Needs: seats.MaySelect, Handler: m.takeBack, Danger: true},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/calls", Needs: seats.MaySelect, Handler: m.showCalls},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/calls", Needs: seats.MaySelect, Handler: m.takeCall, Danger: true},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/calls/undo", Needs: seats.MaySelect, Handler: m.takeCallBack, Danger: true},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/apart", Needs: seats.MaySelect, Handler: m.takeApart, Danger: true},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/news", Needs: seats.MaySelect, Handler: m.sendNews},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/export", Needs: seats.MaySelect, Handler: m.sendTable, Danger: true, Fresh: "/staff/seminars/{slug}"},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/invite", Needs: seats.MaySelect, Handler: m.showInvite},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/invite", Needs: seats.MaySelect, Handler: m.takeInvite},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/seats", Needs: seats.MaySetUp, Handler: m.showSeats},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/seats", Needs: seats.MaySetUp, Handler: m.takeSeats},
		{Method: "GET", Pattern: "/staff/seminars/{slug}/form", Needs: seats.MaySetUp, Handler: m.showFormEditor},
		{Method: "POST", Pattern: "/staff/seminars/{slug}/form", Needs: seats.MaySetUp, Handler: m.takeFormEditor},
	}
}
