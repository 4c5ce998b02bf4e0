-- +goose Up
-- The keyed hash of a wrong answer: the same one again is no new guess.
ALTER TABLE attempts ADD COLUMN given {{blob}};

-- Tries that are counted and not kept, by hour and by a slot of a keyed hash, so
-- that there is a largest number of rows.
CREATE TABLE tallies (
    kind TEXT NOT NULL,
    slot {{int}} NOT NULL,
    hour {{int}} NOT NULL,
    n    {{int}} NOT NULL,
    PRIMARY KEY (kind, slot)
) {{strict}};

-- When a wait ticket of a slot was used last: none that is older works again.
CREATE TABLE tickets (
    slot {{int}} NOT NULL PRIMARY KEY,
    at   {{ts}} NOT NULL
) {{strict}};

DELETE FROM attempts WHERE outcome = 'refused';
