-- +goose Up
-- SQLite changes no key of a table: each is made anew, with what stands in it.
CREATE TABLE notices_of_persons (
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
    UNIQUE (debt_id, account_id, provided_on, delivered_via)
) {{strict}};
INSERT INTO notices_of_persons (id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, sealed, at)
SELECT id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, sealed, at FROM validation_notices;

CREATE TABLE requests_of_persons (
    id        TEXT NOT NULL PRIMARY KEY,
    notice_id TEXT NOT NULL REFERENCES notices_of_persons (id),
    language  TEXT NOT NULL,
    at        {{ts}} NOT NULL
) {{strict}};
INSERT INTO requests_of_persons (id, notice_id, language, at) SELECT id, notice_id, language, at FROM validation_requests;

DROP TABLE validation_requests;
DROP TABLE validation_notices;
ALTER TABLE notices_of_persons RENAME TO validation_notices;
ALTER TABLE requests_of_persons RENAME TO validation_requests;
CREATE INDEX validation_notices_account ON validation_notices (account_id);
CREATE INDEX validation_requests_notice ON validation_requests (notice_id);

CREATE TABLE duties_of_persons (
    debt_id    TEXT NOT NULL REFERENCES debts (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    event_id   TEXT NOT NULL,
    began_at   {{ts}} NOT NULL,
    due_on     TEXT NOT NULL CHECK (length(due_on) = 10),
    alert_at   {{ts}} NOT NULL,
    alerted_at {{ts}},
    ended_at   {{ts}},
    ended_by   TEXT NOT NULL,
    PRIMARY KEY (debt_id, account_id)
) {{strict}};
INSERT INTO duties_of_persons (debt_id, account_id, event_id, began_at, due_on, alert_at, alerted_at, ended_at, ended_by)
SELECT debt_id, account_id, event_id, began_at, due_on, alert_at, alerted_at, ended_at, ended_by FROM validation_duties;
DROP TABLE validation_duties;
ALTER TABLE duties_of_persons RENAME TO validation_duties;
CREATE UNIQUE INDEX validation_duties_event ON validation_duties (event_id);
CREATE INDEX validation_duties_open ON validation_duties (alert_at) WHERE ended_at IS NULL;

-- +goose StatementBegin
CREATE TRIGGER validation_notices_no_update BEFORE UPDATE OF id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, at ON validation_notices
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER validation_notices_no_delete BEFORE DELETE ON validation_notices
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER validation_notices_sealed_once BEFORE UPDATE OF sealed ON validation_notices
WHEN NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substr(OLD.sealed, 1, 1) = x'7e' OR substr(NEW.sealed, 1, 1) <> x'7e')
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER validation_requests_no_update BEFORE UPDATE ON validation_requests
BEGIN SELECT RAISE(ABORT, 'validation_requests may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER validation_requests_no_delete BEFORE DELETE ON validation_requests
BEGIN SELECT RAISE(ABORT, 'validation_requests may only be added to'); END;
-- +goose StatementEnd
