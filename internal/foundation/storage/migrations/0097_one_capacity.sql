-- +goose Up
-- The number of seats stood in two places that could differ. That of the seats holds,
-- since people were promised one; from now on both are written together.
UPDATE activity
    SET capacity = (SELECT seminar.capacity FROM seminar WHERE seminar.activity_id = activity.id), version = version + 1
    WHERE EXISTS (SELECT 1 FROM seminar WHERE seminar.activity_id = activity.id AND seminar.capacity <> activity.capacity);

-- +goose Down
SELECT 1;
