package seminars

import (
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web"
)

func (m *Module) doorRoutes() []web.Route {
	return []web.Route{
		{Method: "POST", Pattern: "/api/v1/checkins", Needs: access.Public, Handler: m.takeScans, Raw: true, Limit: 4 << 20},
	}
}
