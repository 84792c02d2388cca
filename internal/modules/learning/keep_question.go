package learning

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/learning/bank"
)

// keep makes a question of the bank say something else, by the rule of bank.Since: what
// people answered never changes under them. It tells what became of it.
func keep(ctx context.Context, tx *storage.Tx, k kept, now bank.Question) (bank.Change, error) {
	trace := now.Trace()
	if trace == k.Trace {
		return bank.Nothing, nil
	}
	change := bank.Wording
	if k.Answered == "" { // nobody has read it: it becomes what it now is
		if _, err := tx.Exec(ctx, `DELETE FROM question_wording WHERE version_id = $1`, k.Version); err != nil {
			return change, err
		}
	} else {
		before, err := wording(ctx, tx, k.Version, k.Answered)
		if err != nil {
			return change, err
		}
		if change, _ = bank.Since(before, now); change == bank.NewVersion {
			return change, putVersion(ctx, tx, k.Question, k.Number+1, now)
		}
	}
	if err := putWording(ctx, tx, k.Version, now); err != nil {
		return change, err
	}
	_, err := tx.Exec(ctx, `UPDATE question_version SET trace = $2 WHERE id = $1`, k.Version, trace)
	return change, err
}

// answered notes that a version is answered in its wording of now, which from then on stays.
func answered(ctx context.Context, tx *storage.Tx, version storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE question_version SET answered = trace WHERE id = $1 AND answered = ''`, version)
	return err
}
