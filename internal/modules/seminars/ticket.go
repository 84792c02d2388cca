package seminars

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

func (m *Module) doorRoutes() []web.Route { return nil }

// issueTicket makes the ticket of a confirmed application.
func (m *Module) issueTicket(context.Context, *storage.Tx, Application) error { return nil }

// revokeTicket ends the ticket of an application that gave its seat up.
func (m *Module) revokeTicket(context.Context, *storage.Tx, Application) error { return nil }
