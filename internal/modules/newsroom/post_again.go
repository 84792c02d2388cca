package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// PostAgain posts once more what was refused, or of which nobody knows.
type PostAgain struct {
	Actor   access.Actor
	Release storage.ID
	Lang    i18n.Language
}

// PostAgain is the use case: the person has looked into the channel. It goes to the
// channel that is set now. Forbidden, NotFound; Conflict when the post is on its way or
// stands there, when the release is not public, or when there is no channel any more.
func (m *Module) PostAgain(ctx context.Context, tx *storage.Tx, cmd PostAgain) error {
	r, err := ByID(ctx, tx, cmd.Release)
	if err != nil {
		return err
	}
	if err := m.may(ctx, tx, cmd.Actor, r, MayPublish); err != nil {
		return err
	}
	names, err := channels(ctx, tx)
	if err != nil {
		return err
	}
	if r.State != Published || names[cmd.Lang] == "" || m.Bot == nil {
		return fault.New(fault.Conflict, "newsroom.fault.no_channel")
	}
	n, err := tx.Exec(ctx, `UPDATE news_post SET state = $3, channel = $4, number = 0, at = $5
		WHERE release_id = $1 AND lang = $2 AND state IN ('failed', 'unsure')`,
		r.ID, string(cmd.Lang), string(PostWaiting), names[cmd.Lang], storage.Micros(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "newsroom.fault.posted")
	}
	return planPost(ctx, tx, ofPost{r.ID, cmd.Lang})
}
