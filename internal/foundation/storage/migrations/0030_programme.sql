-- +goose Up
-- A programme and everything in its calendar. Texts in three languages are JSON.
CREATE TABLE programme (
    id         BYTEA  NOT NULL PRIMARY KEY,
    slug       TEXT   NOT NULL,
    document   TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CONSTRAINT programme_slug UNIQUE (slug)
);

CREATE TABLE template (
    id           BYTEA  NOT NULL PRIMARY KEY,
    programme_id BYTEA  NOT NULL REFERENCES programme (id),
    key          TEXT   NOT NULL,
    document     TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    CONSTRAINT template_key UNIQUE (programme_id, key)
);

CREATE TABLE activity (
    id              BYTEA   NOT NULL PRIMARY KEY,
    programme_id    BYTEA   NOT NULL REFERENCES programme (id),
    template_id     BYTEA,
    slug            TEXT    NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('seminar', 'discussion', 'brainstorm', 'coworking', 'publication')),
    state           TEXT    NOT NULL CHECK (state IN ('draft', 'published', 'cancelled')),
    city            TEXT    NOT NULL DEFAULT '',
    online          BOOLEAN NOT NULL DEFAULT FALSE,
    starts_at       BIGINT  NOT NULL DEFAULT 0,
    ends_at         BIGINT  NOT NULL DEFAULT 0,
    opens_at        BIGINT  NOT NULL DEFAULT 0,
    deadline_at     BIGINT  NOT NULL DEFAULT 0,
    capacity        BIGINT  NOT NULL DEFAULT 0 CHECK (capacity >= 0),
    person_group    TEXT    NOT NULL DEFAULT '',
    invitation_only BOOLEAN NOT NULL DEFAULT FALSE,
    facilitator_id  BYTEA,
    latitude        DOUBLE PRECISION NOT NULL DEFAULT 0,
    longitude       DOUBLE PRECISION NOT NULL DEFAULT 0,
    texts           TEXT    NOT NULL,
    version         BIGINT  NOT NULL DEFAULT 1,
    made_at         BIGINT  NOT NULL,
    changed_at      BIGINT  NOT NULL,
    CONSTRAINT activity_slug UNIQUE (slug)
);
CREATE INDEX activity_time ON activity (starts_at);
CREATE INDEX activity_template ON activity (template_id);

-- +goose Down
DROP TABLE activity;
DROP TABLE template;
DROP TABLE programme;
