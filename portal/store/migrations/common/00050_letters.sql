-- +goose Up
-- Papers that people are owed: what, by when, and how each went out (STA-04).
-- The sealed text is the letter as it was written.
CREATE TABLE letters (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    debt_id      TEXT NOT NULL REFERENCES debts (id),
    debt_ref     TEXT NOT NULL,
    creditor_ref TEXT NOT NULL,
    kind         TEXT NOT NULL,
    occasion     TEXT NOT NULL,
    subject      TEXT NOT NULL,
    amount_cents {{int}} NOT NULL CHECK (amount_cents >= 0),
    required     {{int}} NOT NULL CHECK (required IN (0, 1)),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'mail', 'given', 'over')),
    way          TEXT NOT NULL,
    message      TEXT NOT NULL,
    owed_at      {{ts}} NOT NULL,
    make_on      TEXT NOT NULL CHECK (length(make_on) = 10),
    due_on       TEXT NOT NULL CHECK (length(due_on) = 10),
    made_at      {{ts}},
    given_at     {{ts}},
    sealed       {{blob}},
    UNIQUE (account_id, occasion)
) {{strict}};

CREATE INDEX letters_state ON letters (state, make_on) WHERE state IN ('waiting', 'queued', 'mail');
CREATE INDEX letters_message ON letters (message) WHERE message <> '';
