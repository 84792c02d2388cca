-- +goose Up
-- What is left of the application of somebody who was erased: that there was
-- one, to what, and how it ended. No person, no time, an id of its own. All rows
-- are written anew, in the order of their ids, whenever one is added, so that
-- neither the place of a row nor the transaction that wrote it tells which came last.
CREATE TABLE application_shell (
    id          BYTEA NOT NULL PRIMARY KEY,
    activity_id BYTEA NOT NULL,
    state       TEXT  NOT NULL CHECK (state IN ('applied', 'shortlisted', 'invited', 'confirmed', 'attended', 'no_show', 'waitlisted', 'declined', 'withdrawn'))
);
CREATE INDEX application_shell_of ON application_shell (activity_id, state);

-- What all shells of an activity together add to the numbers that are shown of
-- it: how many hold a seat by sex, by city and so on, each dimension for itself.
-- It is nobody's row.
CREATE TABLE application_shell_sum (
    activity_id BYTEA  NOT NULL,
    measure     TEXT   NOT NULL CHECK (measure IN ('applied', 'held', 'extra', 'inside', 'asked', 'reconfirmed')),
    dimension   TEXT   NOT NULL CHECK (dimension IN ('', 'sex', 'city', 'age', 'group')),
    value       TEXT   NOT NULL,
    count       BIGINT NOT NULL CHECK (count > 0),
    PRIMARY KEY (activity_id, measure, dimension, value)
);

-- Who was erased before left the whole application behind, without a name.
INSERT INTO application_shell (id, activity_id, state)
    SELECT uuid_send(gen_random_uuid()), activity_id, state
    FROM application
    WHERE person_id NOT IN (SELECT id FROM person);
INSERT INTO application_shell_sum (activity_id, measure, dimension, value, count)
    SELECT a.activity_id, 'applied', d.name, '', COUNT(*)
    FROM application a
    CROSS JOIN (SELECT 'sex' AS name UNION ALL SELECT 'city' UNION ALL SELECT 'age' UNION ALL SELECT 'group') d
    WHERE a.person_id NOT IN (SELECT id FROM person) AND a.state NOT IN ('declined', 'withdrawn')
    GROUP BY a.activity_id, d.name;
INSERT INTO application_shell_sum (activity_id, measure, dimension, value, count)
    SELECT a.activity_id, 'held', d.name, '', COUNT(*)
    FROM application a
    CROSS JOIN (SELECT 'sex' AS name UNION ALL SELECT 'city' UNION ALL SELECT 'age' UNION ALL SELECT 'group') d
    WHERE a.person_id NOT IN (SELECT id FROM person) AND a.state IN ('invited', 'confirmed', 'attended', 'no_show')
    GROUP BY a.activity_id, d.name;
INSERT INTO application_shell_sum (activity_id, measure, dimension, value, count)
    SELECT activity_id, 'extra', 'sex', '', COUNT(*)
    FROM extra_seat
    WHERE application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person))
    GROUP BY activity_id;
INSERT INTO application_shell_sum (activity_id, measure, dimension, value, count)
    SELECT activity_id, 'inside', '', '', COUNT(*)
    FROM attendance
    WHERE first_in > 0 AND inside = TRUE AND application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person))
    GROUP BY activity_id;
DELETE FROM attendance
    WHERE application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person));
DELETE FROM extra_seat
    WHERE application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person));
DELETE FROM ticket
    WHERE application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person));
DELETE FROM application_move
    WHERE application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person));
DELETE FROM scan
    WHERE application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person));
DELETE FROM application_draft
    WHERE application_id IN (SELECT id FROM application WHERE person_id NOT IN (SELECT id FROM person));
DELETE FROM application
    WHERE person_id NOT IN (SELECT id FROM person);

-- +goose Down
DROP TABLE application_shell_sum;
DROP TABLE application_shell;
