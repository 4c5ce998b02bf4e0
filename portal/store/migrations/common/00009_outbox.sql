-- +goose Up
-- creditors holds the references one a line, a line end before the first and
-- after the last, so that one of them is found as text.
CREATE TABLE events (
    row_number  {{identity}},
    id          TEXT NOT NULL UNIQUE,
    type        TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    creditors   TEXT NOT NULL,
    facts       TEXT NOT NULL,
    occurred_at {{ts}} NOT NULL,
    position    {{int}} UNIQUE
) {{strict}};

CREATE INDEX events_unsequenced ON events (row_number) WHERE position IS NULL;
CREATE INDEX events_payment ON events (payment_id, type, row_number) WHERE payment_id <> '';

-- One row: the last position given out. Its lock lets one sequencer go on.
CREATE TABLE sequencer (
    id   {{int}} NOT NULL PRIMARY KEY CHECK (id = 1),
    last {{int}} NOT NULL
) {{strict}};

INSERT INTO sequencer (id, last) VALUES (1, 0);

-- posts_on_receipt says whether a plain 2xx of the receiver is its word that a payment is booked.
CREATE TABLE endpoints (
    id               TEXT NOT NULL PRIMARY KEY,
    url              TEXT NOT NULL,
    description      TEXT NOT NULL,
    creditor_ref     TEXT NOT NULL,
    types            TEXT NOT NULL,
    status           TEXT NOT NULL,
    reason           TEXT NOT NULL,
    secrets          TEXT NOT NULL,
    last_sequence    {{int}} NOT NULL,
    failing_since    {{ts}},
    failures         {{int}} NOT NULL,
    alerted_at       {{ts}},
    hold_until       {{ts}},
    created_at       {{ts}} NOT NULL,
    posts_on_receipt {{int}} NOT NULL DEFAULT 0 CHECK (posts_on_receipt IN (0, 1))
) {{strict}};

CREATE TABLE deliveries (
    endpoint_id  TEXT NOT NULL REFERENCES endpoints (id),
    sequence     {{int}} NOT NULL CHECK (sequence > 0),
    event_id     TEXT NOT NULL REFERENCES events (id),
    type         TEXT NOT NULL,
    body         TEXT NOT NULL,
    occurred_at  {{ts}} NOT NULL,
    state        TEXT NOT NULL,
    attempts     {{int}} NOT NULL,
    next_at      {{ts}} NOT NULL,
    leased_until {{ts}},
    delivered_at {{ts}},
    PRIMARY KEY (endpoint_id, sequence),
    UNIQUE (endpoint_id, event_id)
) {{strict}};

CREATE INDEX deliveries_pending ON deliveries (endpoint_id, sequence, next_at, leased_until) WHERE state = 'pending';
CREATE INDEX deliveries_delivered ON deliveries (delivered_at) WHERE delivered_at IS NOT NULL;

CREATE TABLE delivery_attempts (
    id          {{identity}},
    endpoint_id TEXT NOT NULL,
    sequence    {{int}} NOT NULL,
    at          {{ts}} NOT NULL,
    duration    {{int}} NOT NULL,
    status      {{int}} NOT NULL,
    class       TEXT NOT NULL,
    reply       TEXT NOT NULL
) {{strict}};

CREATE INDEX delivery_attempts_delivery ON delivery_attempts (endpoint_id, sequence, id);

CREATE TABLE postings (
    event_id       TEXT NOT NULL REFERENCES events (id),
    creditor_ref   TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    refusal        TEXT NOT NULL,
    posted_at      {{ts}} NOT NULL,
    PRIMARY KEY (event_id, creditor_ref)
) {{strict}};

CREATE TABLE idempotency_keys (
    token        TEXT NOT NULL,
    route        TEXT NOT NULL,
    key          TEXT NOT NULL,
    body_hash    {{blob}} NOT NULL,
    at           {{ts}} NOT NULL,
    leased_until {{ts}} NOT NULL,
    status       {{int}} NOT NULL,
    content_type TEXT NOT NULL,
    location     TEXT NOT NULL,
    answer       {{blob}} NOT NULL,
    PRIMARY KEY (token, route, key)
) {{strict}};

CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
