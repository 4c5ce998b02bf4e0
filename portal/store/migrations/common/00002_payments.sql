-- +goose Up
-- saved_customer, saved_method and saved_mandate are a saved method that was
-- charged, by the processor's ids; unattended is 1 when nobody was watching.
-- paid_by_id is which of several who speak for a consumer in one role pays, empty
-- for the consumer (DSC-05). detail_fingerprint is the keyed hash by which the
-- same card is known again.
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
    saved_customer      TEXT NOT NULL DEFAULT '',
    saved_method        TEXT NOT NULL DEFAULT '',
    saved_mandate       TEXT NOT NULL DEFAULT '',
    unattended          {{int}} NOT NULL DEFAULT 0 CHECK (unattended IN (0, 1)),
    paid_by             TEXT NOT NULL DEFAULT '',
    paid_by_id          TEXT NOT NULL DEFAULT '',
    detail_fingerprint  TEXT NOT NULL DEFAULT '',
    UNIQUE (account_id, request_key)
) {{strict}};

CREATE INDEX payments_account ON payments (account_id, created_at);
CREATE INDEX payments_live ON payments (account_id) WHERE status NOT IN ('failed', 'canceled');
CREATE INDEX payments_due ON payments (check_at) WHERE check_at IS NOT NULL;
-- The debits of the last sixty days, of which it is counted how many came back
-- (ACH-06).
CREATE INDEX payments_bank ON payments (submitted_at) WHERE method = 'us_bank_account';
CREATE INDEX payments_under_way ON payments (account_id, status) WHERE status IN ('submitting', 'checking', 'needs_action');
CREATE INDEX payments_card_under_way ON payments (detail_fingerprint, status) WHERE status IN ('submitting', 'checking', 'needs_action');
-- Which cards are still known again: for two days, then by none (F9).
CREATE INDEX payments_card_known ON payments (created_at) WHERE detail_fingerprint <> '';

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

-- What the processor says that a person has to look at; no personal data.
CREATE TABLE processor_alerts (
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    state      TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    due_at     {{ts}},
    at         {{ts}} NOT NULL,
    seen_at    {{ts}},
    seen_by    TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) {{strict}};

-- Each card that was declined when a person paid by it, or let it be saved: five
-- a day, of an account or of a card.
CREATE TABLE declines (
    attempt_id  TEXT NOT NULL, -- of a payment, or of a draft whose card is saved
    revision    {{int}} NOT NULL,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    fingerprint TEXT NOT NULL,
    at          {{ts}} NOT NULL,
    PRIMARY KEY (attempt_id, revision)
) {{strict}};

CREATE INDEX declines_account ON declines (account_id, at);
CREATE INDEX declines_card ON declines (fingerprint, at);
