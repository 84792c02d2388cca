-- +goose Up
-- A fact says on which day it happened, and nothing of when it was written:
-- no instant, a random id, and no row number. Nothing of the old rows may stay
-- in the pages that they leave.
PRAGMA secure_delete = ON;

ALTER TABLE fact RENAME TO fact_before;
ALTER TABLE fact_before ADD COLUMN day TEXT;
CREATE INDEX application_move_then ON application_move (at);

-- An attendance happened when she came in, by the clock of the door, or on the
-- day of the activity when it was noted from a list. The move was written at the
-- instant of its fact; where several were, their days must agree.
UPDATE fact_before
SET day = (
    SELECT CASE WHEN MIN(came.day) = MAX(came.day) THEN MIN(came.day) END
    FROM (
        SELECT strftime('%Y-%m-%d', CASE
            WHEN t.first_in > 0 THEN t.first_in
            WHEN a.starts_at > 0
                AND (fact_before.at / 1000000 + 21600) / 86400
                    NOT BETWEEN (a.starts_at / 1000000 + 21600) / 86400 AND (a.ends_at / 1000000 + 21600) / 86400
            THEN a.starts_at
            ELSE fact_before.at END / 1000000 + 21600, 'unixepoch') AS day
        FROM application_move v
        JOIN application p ON p.id = v.application_id
        LEFT JOIN attendance t ON t.application_id = p.id
        LEFT JOIN activity a ON a.id = p.activity_id
        WHERE v.at = fact_before.at AND v.to_state = 'attended' AND p.activity_id = fact_before.activity_id
    ) AS came)
WHERE kind = 'seminars.attended' AND value >= 0;
UPDATE fact_before
SET day = strftime('%Y-%m-%d', at / 1000000 + 21600, 'unixepoch')
WHERE day IS NULL;

-- What takes a fact back is of the day of its fact.
UPDATE fact_before
SET (day, sex, age_band, city, person_group, level) = (
    SELECT f.day, f.sex, f.age_band, f.city, f.person_group, f.level
    FROM fact_before f
    WHERE f.kind = fact_before.kind AND f.activity_id = fact_before.activity_id AND f.subject = fact_before.subject
        AND f.value >= 0 AND f.at <= fact_before.at
    ORDER BY f.at DESC, f.id DESC
    LIMIT 1)
WHERE value < 0 AND EXISTS (
    SELECT 1
    FROM fact_before f
    WHERE f.kind = fact_before.kind AND f.activity_id = fact_before.activity_id AND f.subject = fact_before.subject
        AND f.value >= 0 AND f.at <= fact_before.at);

-- subject is a random number that only people can link to a person. fresh marks
-- what was written since the last night.
CREATE TABLE fact (
    id           BLOB    NOT NULL PRIMARY KEY,
    day          TEXT    NOT NULL CHECK (length(day) = 10),
    kind         TEXT    NOT NULL,
    activity_id  BLOB,
    subject      BLOB,
    value        INTEGER NOT NULL DEFAULT 0,
    sex          TEXT    NOT NULL DEFAULT '',
    age_band     TEXT    NOT NULL DEFAULT '',
    city         TEXT    NOT NULL DEFAULT '',
    person_group TEXT    NOT NULL DEFAULT '',
    level        TEXT    NOT NULL DEFAULT '',
    fresh        INTEGER NOT NULL DEFAULT TRUE
) STRICT, WITHOUT ROWID;
INSERT INTO fact (id, day, kind, activity_id, subject, value, sex, age_band, city, person_group, level, fresh)
SELECT randomblob(16), day, kind, activity_id, subject, value, sex, age_band, city, person_group, level, FALSE
FROM fact_before
ORDER BY 1;

DROP TABLE fact_before;
DROP INDEX application_move_then;
CREATE INDEX fact_kind ON fact (kind, day);
CREATE INDEX fact_activity ON fact (activity_id, kind, day);
CREATE INDEX fact_subject ON fact (subject);
CREATE INDEX fact_fresh ON fact (fresh) WHERE fresh;

-- listed_at is when staff noted from a list that she came; 0 when nobody did.
ALTER TABLE attendance ADD COLUMN listed_at INTEGER NOT NULL DEFAULT 0;
INSERT INTO attendance (application_id, activity_id, listed_at)
SELECT p.id, p.activity_id, v.at
FROM application_move v
JOIN application p ON p.id = v.application_id
WHERE p.state = 'attended' AND v.to_state = 'attended' AND v.why = 'seminars.why.on_list' AND NOT EXISTS (
    SELECT 1
    FROM application_move later
    WHERE later.application_id = v.application_id AND later.to_state = 'attended'
        AND (later.at > v.at OR later.at = v.at AND later.id > v.id))
ON CONFLICT (application_id) DO UPDATE SET listed_at = excluded.listed_at;

-- +goose Down
ALTER TABLE attendance DROP COLUMN listed_at;
ALTER TABLE fact RENAME TO fact_after;
CREATE TABLE fact (
    id           BLOB    NOT NULL PRIMARY KEY,
    at           INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    activity_id  BLOB,
    subject      BLOB,
    value        INTEGER NOT NULL DEFAULT 0,
    sex          TEXT    NOT NULL DEFAULT '',
    age_band     TEXT    NOT NULL DEFAULT '',
    city         TEXT    NOT NULL DEFAULT '',
    person_group TEXT    NOT NULL DEFAULT '',
    level        TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO fact (id, at, kind, activity_id, subject, value, sex, age_band, city, person_group, level)
SELECT id, (CAST(strftime('%s', day) AS INTEGER) + 21600) * 1000000, kind, activity_id, subject, value, sex, age_band, city, person_group, level
FROM fact_after;
DROP TABLE fact_after;
CREATE INDEX fact_kind ON fact (kind, at);
CREATE INDEX fact_activity ON fact (activity_id, kind);
CREATE INDEX fact_subject ON fact (subject);
