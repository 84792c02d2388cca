package messages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// find finds the messages of an activity by its title: how many there are and how many
// did not arrive, never to whom. Of activities that the asker may watch.
func (s *Service) find(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	if s.Activity == nil {
		return out, nil
	}
	type sums struct {
		activity    storage.ID
		all, failed int
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (c sums, err error) {
		err = row.Scan(&c.activity, &c.all, &c.failed)
		return c, err
	}, `SELECT activity_id, COUNT(*), SUM(CASE WHEN state = $1 THEN 1 ELSE 0 END)
		FROM message
		WHERE activity_id IS NOT NULL
		GROUP BY activity_id
		ORDER BY MAX(moved_at) DESC, activity_id`, Failed)
	if err != nil {
		return out, err
	}
	for _, c := range list {
		title, err := s.Activity(ctx, tx, c.activity)
		if err != nil {
			return out, err
		}
		if !sought.InText(title) {
			continue
		}
		if may, err := s.may(ctx, tx, r.Actor, c.activity); err != nil {
			return out, err
		} else if !may {
			continue
		}
		about := r.Say.T("messages.find.about", "count", c.all)
		if c.failed > 0 {
			about += ", " + r.Say.T("messages.find.failed", "count", c.failed)
		}
		out.Add(sought, module.Hit{
			Title: title.In(r.Lang), Lang: title.Written(r.Lang), About: about, Path: "/staff/messages?" + byActivity + "=" + c.activity.String(),
		})
	}
	out.All = "/staff/messages"
	return out, nil
}
