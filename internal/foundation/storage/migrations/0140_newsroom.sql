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

-- What people ask on the page of contacts. box holds their words and their outlet under the
-- key of the person; mark is a hash of the form that was sent, so that a second tap is the
-- same inquiry. A record that was made for the inquiry alone is not own. What has ended is
-- removed 180 days later.
CREATE TABLE news_inquiry (
    id         BYTEA   NOT NULL PRIMARY KEY,
    person_id  BYTEA   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    own        BOOLEAN NOT NULL,
    mark       BYTEA   NOT NULL,
    state      TEXT    NOT NULL,
    box        BYTEA   NOT NULL,
    lang       TEXT    NOT NULL,
    by_id      BYTEA,
    version    BIGINT  NOT NULL DEFAULT 1,
    made_at    BIGINT  NOT NULL,
    due_at     BIGINT  NOT NULL,
    changed_at BIGINT  NOT NULL,
    ended_at   BIGINT  NOT NULL DEFAULT 0,
    CONSTRAINT news_inquiry_state CHECK (state IN ('new', 'taken', 'answered', 'closed')),
    CONSTRAINT news_inquiry_taken CHECK (state <> 'taken' OR by_id IS NOT NULL),
    CONSTRAINT news_inquiry_ended CHECK ((state IN ('answered', 'closed')) = (ended_at > 0))
);
CREATE UNIQUE INDEX news_inquiry_mark ON news_inquiry (mark);
CREATE INDEX news_inquiry_person ON news_inquiry (person_id, state);
CREATE INDEX news_inquiry_made ON news_inquiry (made_at);
CREATE INDEX news_inquiry_due ON news_inquiry (due_at) WHERE ended_at = 0;
CREATE INDEX news_inquiry_ended ON news_inquiry (ended_at) WHERE ended_at > 0;
CREATE INDEX news_inquiry_by ON news_inquiry (by_id) WHERE by_id IS NOT NULL;

-- What staff did with an inquiry. box holds the answer or the note under the key of the
-- person who asked.
CREATE TABLE news_inquiry_step (
    id         BYTEA  NOT NULL PRIMARY KEY,
    inquiry_id BYTEA  NOT NULL REFERENCES news_inquiry (id) ON DELETE CASCADE,
    kind       TEXT   NOT NULL CHECK (kind IN ('taken', 'new', 'answered', 'called', 'closed')),
    by_id      BYTEA,
    box        BYTEA,
    at         BIGINT NOT NULL
);
CREATE INDEX news_inquiry_step_inquiry ON news_inquiry_step (inquiry_id, at);
CREATE INDEX news_inquiry_step_by ON news_inquiry_step (by_id) WHERE by_id IS NOT NULL;

-- How much came in an hour by the forms that need no sign-in, of whomever.
CREATE TABLE news_hour (
    kind  TEXT   NOT NULL,
    hour  BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (kind, hour)
);

-- That a release goes to the press list: ticked before it is public, waiting until
-- send_at, sending from person to person in the order of their ids, sent or stopped.
CREATE TABLE news_mailing (
    release_id BYTEA   NOT NULL PRIMARY KEY REFERENCES news_release (id) ON DELETE CASCADE,
    state      TEXT    NOT NULL,
    at_once    BOOLEAN NOT NULL,
    send_at    BIGINT  NOT NULL DEFAULT 0,
    after_id   BYTEA,
    count      BIGINT  NOT NULL DEFAULT 0,
    CONSTRAINT news_mailing_state CHECK (state IN ('ticked', 'waiting', 'sending', 'sent', 'stopped'))
);

-- Pictures that the press may take. texts holds caption, text for who does not see it, and
-- credit; pictured says whether people are in it and agreed, and noted where that is
-- written down, in words of staff and for them alone. Of what strangers could see and is
-- removed a shell stays, so that its address says so.
CREATE TABLE news_kit_item (
    id         BYTEA  NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    place      BIGINT NOT NULL,
    texts      TEXT   NOT NULL,
    pictured   TEXT   NOT NULL DEFAULT '',
    noted      TEXT   NOT NULL DEFAULT '',
    file       TEXT   NOT NULL,
    small_file TEXT   NOT NULL,
    pictures   TEXT   NOT NULL,
    by_id      BYTEA,
    version    BIGINT NOT NULL DEFAULT 1,
    made_at    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CONSTRAINT news_kit_item_state CHECK (state IN ('draft', 'public', 'closed', 'removed')),
    CONSTRAINT news_kit_item_removed CHECK ((state = 'removed') = (file = '')),
    CONSTRAINT news_kit_item_noted CHECK ((pictured = 'agreed') = (noted <> '')),
    CONSTRAINT news_kit_item_consent CHECK (state <> 'public' OR kind = 'logo' OR pictured IN ('nobody', 'agreed'))
);
CREATE INDEX news_kit_item_by ON news_kit_item (by_id) WHERE by_id IS NOT NULL;

-- What others have published about the programme. link_key is the link in one spelling.
CREATE TABLE news_mention (
    id          BYTEA  NOT NULL PRIMARY KEY,
    link        TEXT   NOT NULL,
    link_key    TEXT   NOT NULL,
    outlet      TEXT   NOT NULL,
    title       TEXT   NOT NULL,
    language    TEXT   NOT NULL,
    day         TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    release_id  BYTEA  REFERENCES news_release (id),
    activity_id BYTEA  REFERENCES activity (id),
    file        TEXT   NOT NULL DEFAULT '',
    file_kind   TEXT   NOT NULL DEFAULT '',
    by_id       BYTEA,
    version     BIGINT NOT NULL DEFAULT 1,
    made_at     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX news_mention_link ON news_mention (link_key);
CREATE INDEX news_mention_day ON news_mention (day);
CREATE INDEX news_mention_release ON news_mention (release_id) WHERE release_id IS NOT NULL;
CREATE INDEX news_mention_activity ON news_mention (activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX news_mention_by ON news_mention (by_id) WHERE by_id IS NOT NULL;

-- +goose Down
DROP TABLE news_mention;
DROP TABLE news_kit_item;
DROP TABLE news_mailing;
DROP TABLE news_hour;
DROP TABLE news_inquiry_step;
DROP TABLE news_inquiry;
DROP TABLE news_post;
DROP TABLE news_channel;
DROP TABLE news_correction;
DROP TABLE news_step;
DROP TABLE news_release;
