package review

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// Bounds of tags.
const (
	MostTags   = 8  // on one application
	LongestTag = 40 // letters
)

// SetTag puts a tag on an application, or takes it off.
type SetTag struct {
	Actor                 may
	Activity, Application storage.ID
	Tag                   string
	Off                   bool
}

// SetTag keeps the tags of an application under the key of its person, who may read them. A tag
// that is there already, or is not, changes nothing; capital letters make no other tag.
//
// Faults: Forbidden; NotFound for an application to another activity; Invalid for no tag or too
// long a one; Conflict when there are MostTags.
func (m *Service) SetTag(ctx context.Context, tx *storage.Tx, cmd SetTag) error {
	a, app, err := m.chosen(ctx, tx, cmd.Actor, cmd.Activity, cmd.Application)
	if err != nil {
		return err
	}
	tag := strings.Join(strings.Fields(cmd.Tag), " ")
	if tag == "" {
		return fault.At("tag", "fault.required")
	}
	tag, wrong, args := forms.Question{Key: "tag", Kind: forms.AskText, Max: LongestTag}.Fix(tag, forms.Sources{})
	if wrong != "" {
		return fault.At("tag", wrong, args)
	}
	if app, err = held(ctx, tx, app); err != nil {
		return err
	}
	tags, err := m.TagsOf(ctx, tx, app)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(tags, func(t string) bool { return TagKey(t) == TagKey(tag) })
	switch {
	case cmd.Off == (at < 0):
		return nil
	case cmd.Off:
		tags = slices.Delete(tags, at, at+1)
	case len(tags) >= MostTags:
		return &fault.Error{Code: fault.Conflict, Key: "seminars.review.fault.tags", Args: fault.Args{"count": MostTags}, Field: "tag"}
	default:
		tags = append(tags, tag)
	}
	if err := m.keepTags(ctx, tx, app, tags); err != nil {
		return err
	}
	m.News(tx, a.ID)
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.tagged", Object: a.ID})
}

func (m *Service) keepTags(ctx context.Context, tx *storage.Tx, app seats.Application, tags []string) error {
	if len(tags) == 0 {
		_, err := tx.Exec(ctx, `DELETE FROM application_tags WHERE application_id = $1`, app.ID)
		return err
	}
	plain, err := json.Marshal(tags)
	if err != nil {
		return err
	}
	box, err := m.People.Seal(ctx, tx, app.Person, plain)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO application_tags (application_id, tags)
		VALUES ($1, $2)
		ON CONFLICT (application_id) DO UPDATE SET tags = excluded.tags`, app.ID, box)
	return err
}

// TagKey is the same for tags that are one, and says nothing of what stands in it: it may
// stand in an address.
func TagKey(tag string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(tag)))
	return hex.EncodeToString(sum[:6])
}

// TagsOf gives the tags of an application in the order in which they were put. Who may read
// them has been decided.
func (m *Service) TagsOf(ctx context.Context, tx *storage.Tx, app seats.Application) ([]string, error) {
	of, err := m.TagsAt(ctx, tx, app.Activity, []seats.Application{app})
	return of[app.ID], err
}

// TagsAt gives the tags of applications to one activity. Who may read them has been decided.
func (m *Service) TagsAt(ctx context.Context, tx *storage.Tx, activity storage.ID, apps []seats.Application) (map[storage.ID][]string, error) {
	type sealed struct {
		app storage.ID
		box []byte
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (s sealed, err error) {
		err = row.Scan(&s.app, &s.box)
		return s, err
	}, `SELECT t.application_id, t.tags
		FROM application_tags t
		JOIN application a ON a.id = t.application_id
		WHERE a.activity_id = $1`, activity)
	if err != nil {
		return nil, err
	}
	boxes := make(map[storage.ID][]byte, len(list))
	for _, s := range list {
		boxes[s.app] = s.box
	}
	out := map[storage.ID][]string{}
	for _, app := range apps {
		box, has := boxes[app.ID]
		if !has {
			continue
		}
		plain, err := m.People.Unseal(ctx, tx, app.Person, box)
		if err != nil {
			return nil, err
		}
		var tags []string
		if err := json.Unmarshal(plain, &tags); err != nil {
			return nil, err
		}
		out[app.ID] = tags
	}
	return out, nil
}
