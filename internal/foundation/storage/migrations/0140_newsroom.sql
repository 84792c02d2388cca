-- +goose Up
-- Press releases and news. texts holds title, lead, body, the reason of a withdrawal and
-- which language lags behind. What is public was published at a moment that stays.
CREATE TABLE news_release (
    id            BYTEA  NOT NULL PRIMARY KEY,
    slug          TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    texts         TEXT   NOT NULL,
    activity_id   BYTEA  REFERENCES activity (id),
    by_id         BYTEA,
    version       BIGINT NOT NULL DEFAULT 1,
    embargo_until BIGINT NOT NULL DEFAULT 0,
    published_at  BIGINT NOT NULL DEFAULT 0,
    made_at       BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    to_channel    BOOLEAN NOT NULL DEFAULT TRUE,
    CONSTRAINT news_release_state CHECK (state IN ('draft', 'review', 'scheduled', 'published', 'withdrawn')),
    CONSTRAINT news_release_scheduled CHECK (state <> 'scheduled' OR embargo_until > 0),
    CONSTRAINT news_release_public CHECK ((state IN ('published', 'withdrawn')) = (published_at > 0))
);
CREATE UNIQUE INDEX news_release_slug ON news_release (slug);
CREATE INDEX news_release_public ON news_release (published_at) WHERE published_at > 0;
CREATE INDEX news_release_activity ON news_release (activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX news_release_by ON news_release (by_id) WHERE by_id IS NOT NULL;

-- Each move of a release, with what was said of it inside the house.
CREATE TABLE news_step (
    id         BYTEA  NOT NULL PRIMARY KEY,
    release_id BYTEA  NOT NULL REFERENCES news_release (id) ON DELETE CASCADE,
    state      TEXT   NOT NULL,
    by_id      BYTEA,
    words      TEXT   NOT NULL DEFAULT '',
    at         BIGINT NOT NULL
);
CREATE INDEX news_step_release ON news_step (release_id, at);
CREATE INDEX news_step_by ON news_step (by_id) WHERE by_id IS NOT NULL;

-- What was wrong in a public release and is right since; it stays below it.
CREATE TABLE news_correction (
    id         BYTEA  NOT NULL PRIMARY KEY,
    release_id BYTEA  NOT NULL REFERENCES news_release (id) ON DELETE CASCADE,
    words      TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX news_correction_release ON news_correction (release_id, at);

-- The Telegram channel in which news of a language are posted.
CREATE TABLE news_channel (
    lang TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

-- A post of a release in a channel: one for each language, whatever happens.
CREATE TABLE news_post (
    release_id BYTEA  NOT NULL REFERENCES news_release (id) ON DELETE CASCADE,
    lang       TEXT   NOT NULL,
    channel    TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    number     BIGINT NOT NULL DEFAULT 0,
    at         BIGINT NOT NULL,
    CONSTRAINT news_post_once PRIMARY KEY (release_id, lang),
    CONSTRAINT news_post_state CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unsure'))
);

-- +goose Down
DROP TABLE news_post;
DROP TABLE news_channel;
DROP TABLE news_correction;
DROP TABLE news_step;
DROP TABLE news_release;
