package pages

import (
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web"
)

func (m *Module) doorRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: "/tickets/{token}", Needs: access.Public, Handler: m.showTicket},
		{Method: "GET", Pattern: "/tickets/{token}.pdf", Needs: access.Public, Handler: m.sendTicketPDF},
		{Method: "POST", Pattern: "/tickets/{token}.pdf", Needs: access.Public, Handler: m.sendNamedTicket},
		{Method: "GET", Pattern: "/tickets/{token}.png", Needs: access.Public, Handler: m.sendTicketImage},
		{Method: "GET", Pattern: "/tickets/{token}.ics", Needs: access.Public, Handler: m.sendTicketCalendar},
		{Method: "GET", Pattern: "/tickets/{token}/materials/{id}", Needs: access.Public, Handler: m.sendTicketMaterial},
		{Method: "GET", Pattern: "/door/{slug}", Needs: access.Public, Handler: m.showDoor},
		{Method: "POST", Pattern: "/door/{slug}", Needs: access.Public, Handler: m.takeScan},
		{Method: "GET", Pattern: "/api/v1/door/{slug}/pack", Needs: access.Public, Handler: m.sendPack, Raw: true, Rate: packRate},
		{Method: "POST", Pattern: "/api/v1/checkins", Needs: access.Public, Handler: m.takeScans, Raw: true, Limit: 4 << 20},
	}
}
