-- +goose Up
-- The validation notices that were given, as they were: the sealed body is the
-- whole notice in each language (VAL-05, VAL-09, VAL-11).
CREATE TABLE validation_notices (
    id               TEXT NOT NULL PRIMARY KEY,
    account_id       TEXT NOT NULL REFERENCES accounts (id),
    debt_id          TEXT NOT NULL REFERENCES debts (id),
    provided_on      TEXT NOT NULL CHECK (length(provided_on) = 10),
    received_on      TEXT NOT NULL CHECK (length(received_on) = 10),
    ends_on          TEXT NOT NULL CHECK (length(ends_on) = 10),
    delivered_via    TEXT NOT NULL CHECK (delivered_via IN ('mail', 'oral', 'e_initial', 'e_esign')),
    source           TEXT NOT NULL,
    itemization_type TEXT NOT NULL,
    itemization_date TEXT NOT NULL CHECK (length(itemization_date) = 10),
    hash             TEXT NOT NULL CHECK (length(hash) = 64),
    sealed           {{blob}} NOT NULL,
    at               {{ts}} NOT NULL,
    UNIQUE (debt_id, provided_on, delivered_via)
) {{strict}};

CREATE INDEX validation_notices_account ON validation_notices (account_id);

-- Notices that were asked for in Spanish, and given at once (VAL-14).
CREATE TABLE validation_requests (
    id        TEXT NOT NULL PRIMARY KEY,
    notice_id TEXT NOT NULL REFERENCES validation_notices (id),
    language  TEXT NOT NULL,
    at        {{ts}} NOT NULL
) {{strict}};

CREATE INDEX validation_requests_notice ON validation_requests (notice_id);

-- Debts that a consumer heard of here and of which no notice is known: one is
-- owed by a day (VAL-10).
CREATE TABLE validation_duties (
    debt_id    TEXT NOT NULL PRIMARY KEY REFERENCES debts (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    event_id   TEXT NOT NULL,
    began_at   {{ts}} NOT NULL,
    due_on     TEXT NOT NULL CHECK (length(due_on) = 10),
    alert_at   {{ts}} NOT NULL,
    alerted_at {{ts}},
    ended_at   {{ts}},
    ended_by   TEXT NOT NULL
) {{strict}};

CREATE UNIQUE INDEX validation_duties_event ON validation_duties (event_id);
CREATE INDEX validation_duties_open ON validation_duties (alert_at) WHERE ended_at IS NULL;

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
