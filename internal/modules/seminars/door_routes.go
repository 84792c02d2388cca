package seminars

import "platforma.kg/ashar/internal/foundation/web"

func (m *Module) doorRoutes() []web.Route { return nil }
