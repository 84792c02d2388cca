// Package module defines what a module says of itself: the manifest that app
// loops over. The three rooms of the spine say the same of themselves.
package module

import (
	"context"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/ledger"
)

// Manifest is everything the house needs to know of a module.
type Manifest struct {
	Name        string
	Texts       fs.FS // ky.json, ru.json, en.json
	Routes      []web.Route
	Permissions map[access.Permission][]access.Role
	Facts       []ledger.Kind
	Jobs        []jobs.Kind
	Nav         []web.NavItem
	// Erase removes or empties what the module keeps of a person.
	Erase func(ctx context.Context, tx *storage.Tx, person storage.ID) error
	// Export gives what the module keeps of a person, for her own archive:
	// section name to a value that encodes as JSON.
	Export func(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error)
}
