-- +goose Up
-- Rows of placements that a person must look at, by references and columns and
-- never by what stood in them. subject is the reference that it is about; mark is a
-- keyed hash of all that makes it another task; name is a creditor's other name.
-- Holds that were opened for it have its id as their source.
CREATE TABLE intake_tasks (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind <> ''),
    subject     TEXT NOT NULL CHECK (subject <> ''),
    account_id  TEXT NOT NULL,
    account_ref TEXT NOT NULL,
    debt_ref    TEXT NOT NULL,
    status      TEXT NOT NULL,
    reasons     TEXT NOT NULL,
    name        TEXT NOT NULL,
    mark        {{blob}} NOT NULL CHECK (length(mark) = 16),
    as_of       {{ts}},
    at          {{ts}} NOT NULL,
    decision    TEXT NOT NULL DEFAULT '',
    decided_at  {{ts}},
    decided_by  TEXT NOT NULL DEFAULT '',
    CHECK ((decision = '') = (decided_at IS NULL))
) {{strict}};

CREATE UNIQUE INDEX intake_tasks_open ON intake_tasks (mark) WHERE decided_at IS NULL;
CREATE INDEX intake_tasks_subject ON intake_tasks (subject);

-- Of when the row is that a creditor's name came from.
ALTER TABLE creditors ADD COLUMN named_as_of {{ts}};
