package module

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Export is a list whose rows are taken as a table, also where there are so many that the
// table is made beside the pages (spine/exports).
type Export struct {
	Kind string // unique in the house: "people"
	Text string // key of what it holds, the heading of its page: "People"
	Tab  string // key of the name of its sheet, at most 31 letters
	// Needs is asked for when the table is asked for, while it is made, and whenever it is taken.
	Needs access.Permission
	// Look is the action that each person in the table reads in her log when it is taken:
	// "people.audit.in_file". Empty when no row is of a person.
	Look string
	// Head names the columns of a table.
	Head func(of Exported) []string
	// Rows gives those of the rows that are there and that the asker may read, in the order
	// of the ids; it neither writes nor notes anything.
	Rows func(ctx context.Context, tx *storage.Tx, of Exported, ids []storage.ID) ([]ExportRow, error)
}

// Exported tells how a table is made.
type Exported struct {
	Actor   access.Actor // who asked, with the roles that she has now
	Lang    i18n.Language
	Say     *i18n.Printer
	Columns []string // those of the list that were shown
}

// ExportRow is a row of a table.
type ExportRow struct {
	Person storage.ID // whose data it is; zero for nobody's
	Cells  []sheet.Value
}

// Exports are the lists of all modules that are taken as tables.
func (h *House) Exports() (out []Export) {
	for _, m := range h.list {
		out = append(out, m.Exports...)
	}
	return out
}
