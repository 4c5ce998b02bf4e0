-- +goose Up
-- Why a debt may not be collected as before, beside the status that the system
-- of record gave it. A hold is opened once by its source and closed once.
CREATE TABLE holds (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    debt_id      TEXT NOT NULL REFERENCES debts (id),
    status       TEXT NOT NULL CHECK (status <> ''),
    amount_cents {{int}} NOT NULL CHECK (amount_cents >= 0),
    source       TEXT NOT NULL CHECK (source <> ''),
    opened_at    {{ts}} NOT NULL,
    closed_at    {{ts}},
    UNIQUE (source, debt_id, status)
) {{strict}};

CREATE INDEX holds_open ON holds (account_id) WHERE closed_at IS NULL;
