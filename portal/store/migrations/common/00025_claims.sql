-- +goose Up
-- What people say of their own lives, in effect at once; the system of record
-- confirms or clears it.
CREATE TABLE claims (
    id               TEXT NOT NULL PRIMARY KEY,
    reference        TEXT NOT NULL UNIQUE,
    account_id       TEXT NOT NULL REFERENCES accounts (id),
    kind             TEXT NOT NULL CHECK (kind <> ''),
    status           TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('claimed', 'confirmed', 'cleared', 'over')),
    door             TEXT NOT NULL,
    until            {{ts}},
    stopped_links    {{int}} NOT NULL CHECK (stopped_links >= 0),
    stopped_plans    {{int}} NOT NULL CHECK (stopped_plans >= 0),
    stopped_messages {{int}} NOT NULL CHECK (stopped_messages >= 0),
    consent_at       {{ts}},
    created_at       {{ts}} NOT NULL,
    decided_at       {{ts}},
    decided_by       TEXT NOT NULL,
    decided_on       TEXT NOT NULL
) {{strict}};

CREATE UNIQUE INDEX claims_open ON claims (account_id, kind) WHERE state IN ('claimed', 'confirmed');
CREATE INDEX claims_pauses ON claims (until) WHERE state = 'claimed' AND until IS NOT NULL;
CREATE INDEX claims_waiting ON claims (created_at) WHERE state = 'claimed';

-- Each time that somebody said so, with what they added.
CREATE TABLE claim_reports (
    id       TEXT NOT NULL PRIMARY KEY,
    claim_id TEXT NOT NULL REFERENCES claims (id),
    at       {{ts}} NOT NULL,
    door     TEXT NOT NULL,
    said_by  TEXT NOT NULL,
    sealed   {{blob}} NOT NULL
) {{strict}};

CREATE INDEX claim_reports_claim ON claim_reports (claim_id, at);
