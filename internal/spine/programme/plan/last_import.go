package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// field is something that a programme file says and a person may change.
type field[T any] struct {
	name string
	same func(a, b T) bool
	take func(to *T, from T)
}

func plain[T any, V comparable](name string, at func(*T) *V) field[T] {
	return field[T]{
		name,
		func(a, b T) bool { return *at(&a) == *at(&b) },
		func(to *T, from T) { *at(to) = *at(&from) },
	}
}

// written gives a field for each text in each language.
func written[T any](names []string, text func(*T, string) *i18n.Text) (out []field[T]) {
	for _, name := range names {
		for _, l := range i18n.Languages {
			out = append(out, plain(name+" ("+string(l)+")", func(t *T) *string { return in(text(t, name), l) }))
		}
	}
	return out
}

// in is where a text stands in a language.
func in(t *i18n.Text, l i18n.Language) *string {
	switch l {
	case i18n.Kyrgyz:
		return &t.Ky
	case i18n.Russian:
		return &t.Ru
	}
	return &t.En
}

func activityFields() []field[programme.Activity] {
	out := written(slices.Concat(programme.TextNames, programme.PlaceNames), (*programme.Activity).Text)
	for _, p := range programme.Parts() {
		switch p.Name {
		case "hours", "applications", "agenda", "languages":
			out = append(out, field[programme.Activity]{p.Name, p.Same, p.Take})
		}
	}
	return append(
		out,
		field[programme.Activity]{
			"city",
			func(a, b programme.Activity) bool { return a.City == b.City && a.Lat == b.Lat && a.Lon == b.Lon },
			func(to *programme.Activity, from programme.Activity) {
				to.City, to.Lat, to.Lon = from.City, from.Lat, from.Lon
			},
		},
		plain("capacity", func(a *programme.Activity) *int { return &a.Capacity }),
		plain("group", func(a *programme.Activity) *string { return &a.Group }),
		plain("online", func(a *programme.Activity) *bool { return &a.Online }),
		plain("invitation", func(a *programme.Activity) *bool { return &a.InvitationOnly }),
	)
}

func templateFields() []field[programme.Template] {
	return append(
		written(programme.TextNames, (*programme.Template).Text),
		plain("hours", func(t *programme.Template) *string { return &t.Hours }),
		plain("opens", func(t *programme.Template) *int { return &t.OpensBefore }),
		plain("deadline", func(t *programme.Template) *int { return &t.DeadlineBefore }),
		plain("capacity", func(t *programme.Template) *int { return &t.Capacity }),
		plain("group", func(t *programme.Template) *string { return &t.Group }),
		plain("online", func(t *programme.Template) *bool { return &t.Online }),
		plain("invitation", func(t *programme.Template) *bool { return &t.InvitationOnly }),
		field[programme.Template]{
			"languages", func(a, b programme.Template) bool { return slices.Equal(a.Languages, b.Languages) },
			func(to *programme.Template, from programme.Template) { to.Languages = from.Languages },
		},
		field[programme.Template]{
			"agenda", func(a, b programme.Template) bool { return programme.SameAgenda(a.Agenda, b.Agenda) },
			func(to *programme.Template, from programme.Template) { to.Agenda = from.Agenda },
		},
	)
}

// merged is what an import makes of three: what the file said the last time,
// what is here, and what the file says now. A field that was changed here
// stays as it is; kept names those, each with a word when the file has
// something new for it as well. What is no field is as the file says.
func merged[T any](fields []field[T], base, here, file T) (out T, kept []string) {
	out = file
	for _, f := range fields {
		if f.same(here, file) {
			f.take(&out, here)
			continue
		}
		if f.same(base, here) {
			continue
		}
		f.take(&out, here)
		if f.same(base, file) {
			kept = append(kept, f.name)
		} else {
			kept = append(kept, f.name+", new in the file too")
		}
	}
	return out, kept
}

// lastImported reads what the file said the last time; there is false when it never did.
func lastImported[T any](ctx context.Context, tx *storage.Tx, id storage.ID) (out T, there bool, err error) {
	var document string
	err = tx.QueryRow(ctx, `SELECT document FROM imported WHERE subject_id = $1`, id).Scan(&document)
	if errors.Is(err, sql.ErrNoRows) {
		return out, false, nil
	}
	if err != nil {
		return out, false, err
	}
	return out, true, json.Unmarshal([]byte(document), &out)
}

func saveImported[T any](ctx context.Context, tx *storage.Tx, id storage.ID, v T) error {
	document, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO imported (subject_id, document) VALUES ($1, $2)
		ON CONFLICT (subject_id) DO UPDATE SET document = excluded.document`, id, string(document))
	return err
}

// base is what to compare with: what was imported last or, of what was made
// before that was remembered, what is here if nobody has changed it since, else
// nothing, so that what is here stays.
func base[T any](ctx context.Context, tx *storage.Tx, id storage.ID, version int64, here T) (T, error) {
	last, there, err := lastImported[T](ctx, tx, id)
	if !there && version == 1 {
		return here, err
	}
	return last, err
}

// keeps says in the report what was kept.
func (r *Report) keeps(what string, fields []string) {
	if len(fields) > 0 {
		r.Kept += len(fields)
		r.Lines = append(r.Lines, "kept     "+what+": changed on screen: "+strings.Join(fields, "; "))
	}
}
