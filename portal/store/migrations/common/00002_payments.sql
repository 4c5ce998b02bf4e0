-- +goose Up
CREATE TABLE payments (
    id                  TEXT NOT NULL PRIMARY KEY,
    reference           TEXT NOT NULL UNIQUE CHECK (reference <> ''),
    account_id          TEXT NOT NULL REFERENCES accounts (id),
    request_key         TEXT NOT NULL,
    request_hash        TEXT NOT NULL,
    amount_cents        {{int}} NOT NULL CHECK (amount_cents > 0),
    method              TEXT NOT NULL,
    status              TEXT NOT NULL,
    token               TEXT NOT NULL,
    detail_type         TEXT NOT NULL,
    detail_brand        TEXT NOT NULL,
    detail_last4        TEXT NOT NULL,
    detail_funding      TEXT NOT NULL,
    detail_wallet       TEXT NOT NULL,
    detail_country      TEXT NOT NULL,
    detail_holder       TEXT NOT NULL,
    consent_hash        TEXT NOT NULL,
    consent_text        TEXT NOT NULL,
    consent_session     TEXT NOT NULL,
    consent_ip          TEXT NOT NULL,
    consent_user_agent  TEXT NOT NULL,
    consent_language    TEXT NOT NULL,
    consent_at          {{ts}},
    intent_id           TEXT UNIQUE,
    checkout_id         TEXT UNIQUE,
    charge_id           TEXT NOT NULL,
    failure_code        TEXT NOT NULL,
    failure_return_code TEXT NOT NULL,
    refunded_cents      {{int}} NOT NULL CHECK (refunded_cents >= 0 AND refunded_cents <= amount_cents),
    withdrawn_cents     {{int}} NOT NULL CHECK (withdrawn_cents >= 0 AND withdrawn_cents <= amount_cents),
    revision            {{int}} NOT NULL,
    created_at          {{ts}} NOT NULL,
    submitted_at        {{ts}},
    expected_by         {{ts}},
    confirmed_at        {{ts}},
    reversible_until    {{ts}},
    closed_at           {{ts}},
    observed_at         {{ts}},
    check_at            {{ts}},
    -- when the collector's system of record said that it booked the payment
    posted_at           {{ts}},
    UNIQUE (account_id, request_key)
) {{strict}};

CREATE INDEX payments_account ON payments (account_id, created_at);
CREATE INDEX payments_live ON payments (account_id) WHERE status NOT IN ('failed', 'canceled');
CREATE INDEX payments_due ON payments (check_at) WHERE check_at IS NOT NULL;

CREATE TABLE payment_allocations (
    payment_id   TEXT NOT NULL REFERENCES payments (id),
    position     {{int}} NOT NULL,
    debt_id      TEXT NOT NULL REFERENCES debts (id),
    debt_ref     TEXT NOT NULL,
    creditor_ref TEXT NOT NULL,
    amount_cents {{int}} NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (payment_id, position),
    UNIQUE (payment_id, debt_id)
) {{strict}};

CREATE INDEX payment_allocations_debt ON payment_allocations (debt_id);

CREATE TABLE ledger_transfers (
    id         TEXT NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    payment_id TEXT REFERENCES payments (id),
    at         {{ts}} NOT NULL
) {{strict}};

CREATE INDEX ledger_transfers_payment ON ledger_transfers (payment_id) WHERE payment_id IS NOT NULL;

-- No foreign key: a transfer and its entries are written by one statement
-- list and can never be deleted, and a million placements are worth the check.
CREATE TABLE ledger_entries (
    transfer_id  TEXT NOT NULL,
    position     {{int}} NOT NULL,
    account      TEXT NOT NULL CHECK (account <> ''),
    amount_cents {{int}} NOT NULL CHECK (amount_cents <> 0),
    PRIMARY KEY (transfer_id, position)
) {{strict}};

-- Balances are folds of this index alone.
CREATE INDEX ledger_entries_account ON ledger_entries (account, amount_cents);

CREATE TABLE processor_events (
    id          TEXT NOT NULL PRIMARY KEY,
    type        TEXT NOT NULL,
    intent_id   TEXT NOT NULL,
    checkout_id TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    live        {{int}} NOT NULL CHECK (live IN (0, 1)),
    created_at  {{ts}},
    received_at {{ts}} NOT NULL
) {{strict}};

CREATE TABLE decisions (
    id         {{identity}},
    at         {{ts}} NOT NULL,
    account_id TEXT NOT NULL,
    debt_id    TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    action     TEXT NOT NULL,
    status     TEXT NOT NULL,
    allowed    {{int}} NOT NULL CHECK (allowed IN (0, 1)),
    reason     TEXT NOT NULL,
    rules      TEXT NOT NULL CHECK (rules <> '')
) {{strict}};

CREATE INDEX decisions_account ON decisions (account_id, at);
