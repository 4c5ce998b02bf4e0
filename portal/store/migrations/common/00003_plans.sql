-- +goose Up
-- What a consumer agreed to pay on one debt over time. terms are those that
-- held when it was agreed, whole. incoming is a method that was signed for and is
-- still being verified: it takes the place of the plan's own afterwards.
-- incoming_signed_at without a setup: it came to nothing, and the consumer is
-- told. setup_asked_at is when the processor was last asked about it.
CREATE TABLE plans (
    id                 TEXT NOT NULL PRIMARY KEY,
    reference          TEXT NOT NULL UNIQUE CHECK (reference <> ''),
    account_id         TEXT NOT NULL REFERENCES accounts (id),
    request_key        TEXT NOT NULL CHECK (request_key <> ''),
    debt_id            TEXT NOT NULL REFERENCES debts (id),
    debt_ref           TEXT NOT NULL,
    creditor_ref       TEXT NOT NULL,
    kind               TEXT NOT NULL,
    total_cents        {{int}} NOT NULL CHECK (total_cents >= 0),
    forgiven_cents     {{int}} NOT NULL CHECK (forgiven_cents >= 0),
    rhythm             TEXT NOT NULL,
    first_on           TEXT NOT NULL CHECK (length(first_on) IN (0, 10)),
    other_day          {{int}} NOT NULL CHECK (other_day BETWEEN 0 AND 31),
    passed_dates       {{int}} NOT NULL CHECK (passed_dates >= 0),
    charging           TEXT NOT NULL,
    customer_id        TEXT NOT NULL,
    method_id          TEXT NOT NULL,
    mandate_id         TEXT NOT NULL,
    detail_type        TEXT NOT NULL,
    detail_brand       TEXT NOT NULL,
    detail_last4       TEXT NOT NULL,
    detail_funding     TEXT NOT NULL,
    detail_wallet      TEXT NOT NULL,
    detail_country     TEXT NOT NULL,
    detail_holder      TEXT NOT NULL,
    setup_id           TEXT NOT NULL,
    terms              TEXT NOT NULL CHECK (terms <> ''),
    status             TEXT NOT NULL,
    reason             TEXT NOT NULL,
    version            {{int}} NOT NULL CHECK (version > 0),
    skipped            {{int}} NOT NULL CHECK (skipped >= 0),
    resume_on          TEXT NOT NULL CHECK (length(resume_on) IN (0, 10)),
    revision           {{int}} NOT NULL,
    created_at         {{ts}} NOT NULL,
    activated_at       {{ts}},
    changed_at         {{ts}} NOT NULL,
    ended_at           {{ts}},
    incoming_setup     TEXT NOT NULL DEFAULT '',
    incoming_details   TEXT NOT NULL DEFAULT '',
    incoming_signed_at {{ts}},
    setup_asked_at     {{ts}},
    UNIQUE (account_id, request_key)
) {{strict}};

-- A debt has at most one plan that still binds anybody.
CREATE UNIQUE INDEX plans_running ON plans (debt_id) WHERE status IN ('awaiting', 'active', 'paused', 'broken');
-- A debt is settled once its settlement was paid.
CREATE INDEX plans_settled ON plans (debt_id) WHERE kind = 'settlement' AND status = 'completed';
CREATE INDEX plans_account ON plans (account_id, created_at);
CREATE INDEX plans_setup ON plans (setup_id) WHERE setup_id <> '';
CREATE INDEX plans_method ON plans (method_id) WHERE method_id <> '' AND status IN ('awaiting', 'active', 'paused', 'broken');
CREATE INDEX plans_awaiting ON plans (created_at) WHERE status = 'awaiting';
CREATE INDEX plans_resume ON plans (resume_on) WHERE status = 'paused' AND resume_on <> '';
CREATE INDEX plans_incoming ON plans (incoming_setup) WHERE incoming_setup <> '';

-- chargeable is 1 while the installment is charged by itself when its time
-- comes, and overdue_on the first day on which it counts as missed, empty where
-- it does not: both follow from the plan and are kept here, so that what is to
-- be done on a day is read from one index. unanswered is 1 while the installment
-- waits for the system of record to answer (WHK-05): the consumer was told once.
CREATE TABLE plan_installments (
    plan_id             TEXT NOT NULL REFERENCES plans (id),
    number              {{int}} NOT NULL CHECK (number > 0),
    due                 TEXT NOT NULL CHECK (length(due) = 10),
    charge_at           {{ts}},
    amount_cents        {{int}} NOT NULL CHECK (amount_cents > 0),
    paid_cents          {{int}} NOT NULL CHECK (paid_cents >= 0),
    status              TEXT NOT NULL,
    attempts            {{int}} NOT NULL CHECK (attempts >= 0),
    retries             {{int}} NOT NULL CHECK (retries >= 0),
    payment_id          TEXT NOT NULL,
    failure_code        TEXT NOT NULL,
    failure_return_code TEXT NOT NULL,
    notice_state        TEXT NOT NULL,
    notice_on           TEXT NOT NULL CHECK (length(notice_on) IN (0, 10)),
    notice_message      TEXT NOT NULL,
    notice_sent_at      {{ts}},
    missed              {{int}} NOT NULL CHECK (missed IN (0, 1)),
    chargeable          {{int}} NOT NULL CHECK (chargeable IN (0, 1)),
    overdue_on          TEXT NOT NULL CHECK (length(overdue_on) IN (0, 10)),
    leased_until        {{ts}},
    unanswered          {{int}} NOT NULL DEFAULT 0 CHECK (unanswered IN (0, 1)),
    PRIMARY KEY (plan_id, number)
) {{strict}};

CREATE INDEX plan_installments_charges ON plan_installments (charge_at, plan_id, number, leased_until) WHERE chargeable = 1;
CREATE INDEX plan_installments_notices ON plan_installments (notice_on, plan_id, number)
    WHERE chargeable = 1 AND notice_state = 'waiting';
CREATE INDEX plan_installments_overdue ON plan_installments (overdue_on, plan_id, number) WHERE overdue_on <> '';
CREATE INDEX plan_installments_message ON plan_installments (notice_message) WHERE notice_message <> '';

-- What was signed, word for word (REG-02, ACH-03).
CREATE TABLE plan_agreements (
    plan_id            TEXT NOT NULL REFERENCES plans (id),
    version            {{int}} NOT NULL CHECK (version > 0),
    why                TEXT NOT NULL,
    lines              TEXT NOT NULL,
    name               TEXT NOT NULL,
    consent_hash       TEXT NOT NULL,
    consent_text       TEXT NOT NULL,
    consent_session    TEXT NOT NULL,
    consent_ip         TEXT NOT NULL,
    consent_user_agent TEXT NOT NULL,
    consent_language   TEXT NOT NULL,
    consent_at         {{ts}},
    agreed_at          {{ts}} NOT NULL,
    PRIMARY KEY (plan_id, version)
) {{strict}};

-- Which payment paid which installment; gone when the payment came back.
CREATE TABLE plan_credits (
    payment_id   TEXT NOT NULL REFERENCES payments (id),
    plan_id      TEXT NOT NULL REFERENCES plans (id),
    number       {{int}} NOT NULL CHECK (number > 0),
    amount_cents {{int}} NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (payment_id, plan_id, number)
) {{strict}};

-- plan_id is the plan whose method a draft is to become; empty for a wish.
CREATE TABLE plan_drafts (
    id             TEXT NOT NULL PRIMARY KEY,
    account_id     TEXT NOT NULL REFERENCES accounts (id),
    debt_id        TEXT NOT NULL REFERENCES debts (id),
    kind           TEXT NOT NULL,
    rhythm         TEXT NOT NULL,
    first_on       TEXT NOT NULL CHECK (length(first_on) IN (0, 10)),
    other_day      {{int}} NOT NULL,
    passed_dates   {{int}} NOT NULL CHECK (passed_dates >= 0),
    each_cents     {{int}} NOT NULL CHECK (each_cents >= 0),
    installments   {{int}} NOT NULL CHECK (installments >= 0),
    charging       TEXT NOT NULL,
    method         TEXT NOT NULL,
    token          TEXT NOT NULL,
    detail_type    TEXT NOT NULL,
    detail_brand   TEXT NOT NULL,
    detail_last4   TEXT NOT NULL,
    detail_funding TEXT NOT NULL,
    detail_wallet  TEXT NOT NULL,
    detail_country TEXT NOT NULL,
    detail_holder  TEXT NOT NULL,
    created_at     {{ts}} NOT NULL,
    plan_id        TEXT NOT NULL DEFAULT ''
) {{strict}};

-- What creditors allow; a version holds until the next one's first day.
CREATE TABLE plan_terms (
    id           TEXT NOT NULL CHECK (id <> ''),
    version      {{int}} NOT NULL CHECK (version > 0),
    creditor_ref TEXT NOT NULL,
    debt_type    TEXT NOT NULL,
    debt_ref     TEXT NOT NULL,
    effective    TEXT NOT NULL CHECK (length(effective) = 10),
    terms        TEXT NOT NULL CHECK (terms <> ''),
    added_at     {{ts}} NOT NULL,
    PRIMARY KEY (id, version),
    UNIQUE (creditor_ref, debt_type, debt_ref, version)
) {{strict}};

-- What a consumer said comes in and goes out in a month, and what the
-- calculation made of it. request_key makes the same form one statement.
CREATE TABLE financial_statements (
    id            TEXT NOT NULL PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES accounts (id),
    household     {{int}} NOT NULL CHECK (household > 0),
    income        TEXT NOT NULL,
    essentials    TEXT NOT NULL,
    calculation   TEXT NOT NULL,
    left_cents    {{int}} NOT NULL CHECK (left_cents >= 0),
    ceiling_cents {{int}} NOT NULL CHECK (ceiling_cents >= 0),
    at            {{ts}} NOT NULL,
    request_key   TEXT NOT NULL DEFAULT ''
) {{strict}};

CREATE INDEX financial_statements_latest ON financial_statements (account_id, at);
CREATE UNIQUE INDEX financial_statements_form ON financial_statements (account_id, request_key) WHERE request_key <> '';
