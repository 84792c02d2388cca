-- +goose Up
-- Messages may also go to a telephone. The rule of a column goes with the column.
ALTER TABLE message ADD COLUMN by_channel TEXT NOT NULL DEFAULT '' CHECK (by_channel IN ('', 'mail', 'telegram', 'sms'));
UPDATE message SET by_channel = channel;
ALTER TABLE message DROP COLUMN channel;
ALTER TABLE message RENAME COLUMN by_channel TO channel;
-- The parts that a try is charged for; none when it was surely not taken.
ALTER TABLE message_attempt ADD COLUMN parts BIGINT NOT NULL DEFAULT 0;

-- How many parts left on a day of Bishkek, or are about to: the year, month and day as one number.
CREATE TABLE text_message_day (
    day   BIGINT NOT NULL PRIMARY KEY,
    parts BIGINT NOT NULL CHECK (parts >= 0)
);

-- +goose Down
DROP TABLE text_message_day;
ALTER TABLE message_attempt DROP COLUMN parts;
UPDATE message SET channel = '' WHERE channel = 'sms';
ALTER TABLE message ADD COLUMN by_channel TEXT NOT NULL DEFAULT '' CHECK (by_channel IN ('', 'mail', 'telegram'));
UPDATE message SET by_channel = channel;
ALTER TABLE message DROP COLUMN channel;
ALTER TABLE message RENAME COLUMN by_channel TO channel;
