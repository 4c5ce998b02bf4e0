-- +goose Up
-- Who asked for six digits and has no answer yet. There is one for a slot of a
-- keyed hash, so that there is a largest number of rows.
CREATE TABLE digit_asks (
    slot              {{int}} NOT NULL PRIMARY KEY,
    step_up_id        TEXT NOT NULL,
    account_id        TEXT NOT NULL,
    representative_id TEXT NOT NULL,
    granted           {{int}} NOT NULL CHECK (granted IN (0, 1)),
    at                {{ts}} NOT NULL
) {{strict}};

CREATE INDEX digit_asks_step_up ON digit_asks (step_up_id);
