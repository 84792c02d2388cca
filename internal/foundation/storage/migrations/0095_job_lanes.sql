-- +goose Up
-- Jobs are taken by kind, so that those of one lane are found however many of
-- another wait.
DROP INDEX job_due;
CREATE INDEX job_due ON job (state, kind, run_at);

-- +goose Down
DROP INDEX job_due;
CREATE INDEX job_due ON job (state, run_at);
