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
