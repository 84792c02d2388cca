-- +goose Up
-- By this the list of all applications finds what is new since it last looked.
CREATE INDEX application_changed ON application (changed_at);

-- +goose Down
DROP INDEX application_changed;
