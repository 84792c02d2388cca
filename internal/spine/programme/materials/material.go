package materials

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// Audience is who may read a material.
type Audience string

// The audiences, each part of the one before.
const (
	ForAll          Audience = "public"
	ForParticipants Audience = "participants" // who holds a seat, and staff
	ForStaff        Audience = "staff"
)

// Audiences lists them in the order in which they are offered.
var Audiences = [...]Audience{ForAll, ForParticipants, ForStaff}

// Material is a file that goes with an activity: an agenda, a checklist, slides.
type Material struct {
	ID       storage.ID
	Activity storage.ID // whose it is; zero when it is a template's, and so goes with all its copies
	Template storage.ID
	Place    int64 // order among those of the same owner
	Audience Audience
	Language string    // ky, ru, en; empty when it speaks several or none
	Title    i18n.Text // in at least one language
	Stale    programme.Stale
	Name     string // of the file, as it is saved by those who read it
	Type     string // files.PDF and the like
	Size     int64  // in bytes
	Digest   string // SHA-256 of the bytes, hexadecimal
	File     string // name in the store of files
	Version  int64
	Made     time.Time
	Changed  time.Time
}

// Path is the page address of a material, without language; it stays the same when the file is replaced.
func (m Material) Path() string { return "/materials/" + m.ID.String() }

// Ending is the type as people know it, "PDF".
func (m Material) Ending() string {
	return strings.ToUpper(strings.TrimPrefix(files.Ending(m.Type), "."))
}

// words is the part of a material that is kept as a document.
type words struct {
	Title i18n.Text       `json:"title"`
	Stale programme.Stale `json:"stale,omitempty"`
}

const columns = `id, activity_id, template_id, place, audience, language, texts, name, kind, size, digest, file, version, made_at, changed_at`

func scan(row storage.Scanner) (m Material, err error) {
	var texts string
	var made, changed int64
	err = row.Scan(&m.ID, &m.Activity, &m.Template, &m.Place, &m.Audience, &m.Language, &texts, &m.Name, &m.Type, &m.Size, &m.Digest, &m.File,
		&m.Version, &made, &changed)
	if err != nil {
		return m, err
	}
	m.Made, m.Changed = storage.Instant(made), storage.Instant(changed)
	var w words
	err = json.Unmarshal([]byte(texts), &w)
	m.Title, m.Stale = w.Title, w.Stale
	return m, err
}

func (m Material) document() (string, error) {
	raw, err := json.Marshal(words{m.Title, m.Stale})
	return string(raw), err
}

// Of lists all that goes with an activity, its template's first.
// Who may read which, Audience says.
func Of(ctx context.Context, tx *storage.Tx, a programme.Activity) ([]Material, error) {
	return storage.All(ctx, tx, scan, `SELECT `+columns+`
		FROM material
		WHERE activity_id = $1 OR template_id = $2
		ORDER BY template_id IS NULL, place, id`, a.ID, a.Template)
}

// ofTemplate lists what goes with all copies of a template.
func ofTemplate(ctx context.Context, tx *storage.Tx, template storage.ID) ([]Material, error) {
	return storage.All(ctx, tx, scan, `SELECT `+columns+`
		FROM material
		WHERE template_id = $1
		ORDER BY place, id`, template)
}

// byID finds a material. NotFound.
func byID(ctx context.Context, tx *storage.Tx, id storage.ID) (Material, error) {
	m, err := storage.One(ctx, tx, scan, `SELECT `+columns+` FROM material WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return m, unknown()
	}
	return m, err
}

func unknown() error { return fault.New(fault.NotFound, "programme.fault.material") }

// titleOf makes a title of the name of a file.
func titleOf(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == ' ' }), " ")
}

func (m *Material) check() error {
	var form fault.Form
	programme.KeepText(&form, "title", &m.Title, false)
	form.Check(m.Title != (i18n.Text{}), "title_"+string(i18n.Kyrgyz), "programme.fault.title")
	switch m.Audience {
	case ForAll, ForParticipants, ForStaff:
	default:
		form.Add("audience", "programme.fault.choice")
	}
	if _, known := i18n.Parse(m.Language); m.Language != "" && !known {
		form.Add("language", "programme.fault.choice")
	}
	return form.Err()
}
