package learning

import (
	"context"
	"encoding/json"
	"fmt"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/learning/bank"
)

// kept is a question of the bank in its version of now.
type kept struct {
	Question storage.ID
	Version  storage.ID
	Number   int    // of the version
	Came     string // trace of it as a file had it
	Trace    string // of its wording of now
	Answered string // trace of the wording in which this version was first answered
	Retired  bool
}

func scanKept(row storage.Scanner) (k kept, err error) {
	var retired int64
	err = row.Scan(&k.Question, &k.Version, &k.Number, &k.Came, &k.Trace, &k.Answered, &retired)
	k.Retired = retired > 0
	return k, err
}

const keptColumns = `SELECT q.id, v.id, v.number, q.came, v.trace, v.answered, q.retired_at
	FROM question q JOIN question_version v ON v.question_id = q.id
	WHERE v.number = (SELECT MAX(n.number) FROM question_version n WHERE n.question_id = q.id)`

// keptBy finds what a file's question is in the bank: the one that a file had so before,
// else the one that the same program called so. Nothing is known of it: an empty list. Both are
// found by their index, which has no empty ones.
func keptBy(ctx context.Context, tx *storage.Tx, came, ref string) ([]kept, error) {
	return storage.All(ctx, tx, scanKept, keptColumns+`
		AND q.id IN (SELECT id FROM question WHERE came = $1 AND came <> '' UNION ALL SELECT id FROM question WHERE ref = $2 AND ref <> '')
		ORDER BY CASE WHEN q.came = $1 THEN 0 ELSE 1 END`, came, ref)
}

// countQuestions counts those that are in the bank, the retired too.
func countQuestions(ctx context.Context, tx *storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM question`).Scan(&n)
	return n, err
}

// wording reads one wording of a version.
func wording(ctx context.Context, tx *storage.Tx, version storage.ID, trace string) (q bank.Question, err error) {
	var body string
	if err = tx.QueryRow(ctx, `SELECT body FROM question_wording WHERE version_id = $1 AND trace = $2`, version, trace).Scan(&body); err != nil {
		return q, err
	}
	if err = json.Unmarshal([]byte(body), &q); err != nil {
		return q, fmt.Errorf("question version %s: %w", version, err)
	}
	return q, nil
}

// putVersion adds a version of a question with its first wording.
func putVersion(ctx context.Context, tx *storage.Tx, question storage.ID, number int, q bank.Question) error {
	version := tx.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO question_version (id, question_id, number, trace, answered, made_at) VALUES ($1, $2, $3, $4, '', $5)`,
		version, question, number, q.Trace(), storage.Micros(tx.Now)); err != nil {
		return err
	}
	return putWording(ctx, tx, version, q)
}

// putWording keeps what a version says, once however often it says so again.
func putWording(ctx context.Context, tx *storage.Tx, version storage.ID, q bank.Question) error {
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO question_wording (version_id, trace, body, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (version_id, trace) DO NOTHING`,
		version, q.Trace(), string(body), storage.Micros(tx.Now))
	return err
}
