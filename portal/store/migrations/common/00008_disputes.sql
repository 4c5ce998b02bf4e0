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

-- What consumers sent: disputes, questions for the original creditor, and
-- complaints. A row never changes; what came of it stands in dispute_steps.
-- filed_by is who said so for the consumer; empty is the consumer.
CREATE TABLE disputes (
    id             TEXT NOT NULL PRIMARY KEY,
    reference      TEXT NOT NULL UNIQUE,
    request_key    TEXT NOT NULL,
    account_id     TEXT NOT NULL REFERENCES accounts (id),
    debt_id        TEXT REFERENCES debts (id),
    debt_ref       TEXT NOT NULL,
    creditor_ref   TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('dispute', 'original_creditor', 'complaint')),
    scope          TEXT NOT NULL,
    lines          TEXT NOT NULL,
    reasons        TEXT NOT NULL,
    paid_on        TEXT NOT NULL CHECK (length(paid_on) IN (0, 10)),
    language       TEXT NOT NULL,
    disputed_cents {{int}} NOT NULL CHECK (disputed_cents >= 0),
    owed_cents     {{int}} NOT NULL CHECK (owed_cents >= disputed_cents),
    timely         {{int}} NOT NULL CHECK (timely IN (0, 1)),
    earlier        TEXT REFERENCES disputes (id),
    opened_at      {{ts}} NOT NULL,
    answer_by      TEXT NOT NULL CHECK (length(answer_by) = 10),
    hash           TEXT NOT NULL CHECK (length(hash) = 64),
    filed_by       TEXT NOT NULL DEFAULT '',
    UNIQUE (account_id, request_key),
    CHECK (kind = 'complaint' OR debt_id IS NOT NULL)
) {{strict}};

CREATE INDEX disputes_account ON disputes (account_id, opened_at);
CREATE INDEX disputes_due ON disputes (answer_by, id);

-- What people wrote, sealed; it can be erased while the dispute stays.
CREATE TABLE dispute_stories (
    dispute_id TEXT NOT NULL PRIMARY KEY REFERENCES disputes (id),
    sealed     {{blob}} NOT NULL
) {{strict}};

CREATE TABLE dispute_steps (
    dispute_id  TEXT NOT NULL REFERENCES disputes (id),
    position    {{int}} NOT NULL CHECK (position > 0),
    state       TEXT NOT NULL CHECK (state IN ('answered', 'closed')),
    outcome     TEXT NOT NULL CHECK (outcome <> ''),
    document_id TEXT NOT NULL,
    method      TEXT NOT NULL,
    sent_on     TEXT NOT NULL CHECK (length(sent_on) IN (0, 10)),
    by          TEXT NOT NULL CHECK (by <> ''),
    file_id     TEXT NOT NULL,
    at          {{ts}} NOT NULL,
    PRIMARY KEY (dispute_id, position),
    -- DIS-03: answered is what has its proof.
    CHECK (state <> 'answered' OR (document_id <> '' AND method <> '' AND sent_on <> ''))
) {{strict}};

CREATE TABLE dispute_drafts (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    debt_id    TEXT NOT NULL,
    sealed     {{blob}} NOT NULL,
    at         {{ts}} NOT NULL
) {{strict}};

-- Files belong to a form that is not sent yet, to a dispute, or to what somebody
-- said of their life: to a claim, or to a dispute or its form, never to both.
CREATE TABLE dispute_files (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    draft_id   TEXT NOT NULL,
    dispute_id TEXT REFERENCES disputes (id),
    name       {{blob}} NOT NULL,
    type       TEXT NOT NULL,
    size       {{int}} NOT NULL CHECK (size > 0),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    sent_by    TEXT NOT NULL CHECK (sent_by IN ('consumer', 'collector')),
    scan       TEXT NOT NULL CHECK (scan IN ('pending', 'clean', 'infected', 'failed', 'off')),
    added_at   {{ts}} NOT NULL,
    claim_id   TEXT REFERENCES claims (id)
        CHECK (claim_id IS NULL OR (dispute_id IS NULL AND draft_id = ''))
) {{strict}};

CREATE INDEX dispute_files_dispute ON dispute_files (dispute_id, added_at) WHERE dispute_id IS NOT NULL;
CREATE INDEX dispute_files_draft ON dispute_files (draft_id, added_at) WHERE dispute_id IS NULL;
CREATE INDEX dispute_files_scan ON dispute_files (added_at) WHERE scan = 'pending';
CREATE INDEX dispute_files_claim ON dispute_files (claim_id, added_at) WHERE claim_id IS NOT NULL;

CREATE TABLE dispute_file_bytes (
    file_id TEXT NOT NULL PRIMARY KEY REFERENCES dispute_files (id),
    sealed  {{blob}} NOT NULL
) {{strict}};

-- Payments that cleared after a dispute of the debt came: the consumer is asked
-- whether they count (AMT-06).
CREATE TABLE parked_payments (
    payment_id   TEXT NOT NULL REFERENCES payments (id),
    debt_id      TEXT NOT NULL REFERENCES debts (id),
    dispute_id   TEXT NOT NULL REFERENCES disputes (id),
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    reference    TEXT NOT NULL,
    amount_cents {{int}} NOT NULL CHECK (amount_cents > 0),
    at           {{ts}} NOT NULL,
    choice       TEXT NOT NULL CHECK (choice IN ('', 'keep', 'return')),
    chosen_at    {{ts}},
    PRIMARY KEY (payment_id, debt_id)
) {{strict}};

CREATE INDEX parked_payments_account ON parked_payments (account_id, at);
