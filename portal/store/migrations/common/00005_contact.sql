-- +goose Up
CREATE TABLE consents (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    channel      TEXT NOT NULL,
    address_hash {{blob}} NOT NULL,
    basis        TEXT NOT NULL,
    at           {{ts}} NOT NULL,
    recorded_by  TEXT NOT NULL,
    call_id      TEXT NOT NULL,
    text_version TEXT NOT NULL
) {{strict}};

CREATE INDEX consents_address ON consents (account_id, channel, address_hash, at);
CREATE INDEX consents_of_address ON consents (channel, address_hash);

CREATE TABLE suppressions (
    channel      TEXT NOT NULL,
    address_hash {{blob}} NOT NULL,
    account_id   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    at           {{ts}} NOT NULL,
    PRIMARY KEY (channel, address_hash, account_id, reason)
) {{strict}};

CREATE TABLE messages (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    channel      TEXT NOT NULL,
    kind         TEXT NOT NULL,
    language     TEXT NOT NULL,
    sealed       {{blob}} NOT NULL,
    status       TEXT NOT NULL,
    tries        {{int}} NOT NULL,
    created_at   {{ts}} NOT NULL,
    next_at      {{ts}} NOT NULL,
    leased_until {{ts}},
    expires_at   {{ts}},
    sent_at      {{ts}},
    provider_id  TEXT NOT NULL,
    problem      TEXT NOT NULL,
    address_hash {{blob}},
    debt_id      TEXT NOT NULL DEFAULT '',
    asked        {{int}} NOT NULL DEFAULT 0 CHECK (asked IN (0, 1))
) {{strict}};

CREATE INDEX messages_due ON messages (next_at) WHERE status = 'queued';
CREATE INDEX messages_created ON messages (created_at);
CREATE INDEX messages_account ON messages (account_id, created_at);
CREATE INDEX messages_address ON messages (channel, address_hash);
CREATE INDEX messages_provider ON messages (provider_id) WHERE provider_id <> '';
CREATE INDEX messages_sending ON messages (leased_until) WHERE status = 'sending';

-- The way out that stands in each e-mail: known by the hash of its token.
CREATE TABLE stop_links (
    token_hash   {{blob}} NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL,
    channel      TEXT NOT NULL,
    address_hash {{blob}} NOT NULL,
    message_id   TEXT NOT NULL,
    created_at   {{ts}} NOT NULL
) {{strict}};

-- A text that came in is read once, however often its carrier brings it.
CREATE TABLE inbound_texts (
    provider_id  TEXT NOT NULL PRIMARY KEY CHECK (provider_id <> ''),
    address_hash {{blob}} NOT NULL,
    reading      TEXT NOT NULL,
    at           {{ts}} NOT NULL
) {{strict}};

-- What a person asked of us; the newest row counts (COM-02). words_read_by is who
-- has read what they asked for in their own words; empty is nobody.
CREATE TABLE contact_wishes (
    id            TEXT NOT NULL PRIMARY KEY,
    account_id    TEXT NOT NULL,
    at            {{ts}} NOT NULL,
    recorded_by   TEXT NOT NULL,
    text_version  TEXT NOT NULL,
    no_sms        {{int}} NOT NULL CHECK (no_sms IN (0, 1)),
    no_email      {{int}} NOT NULL CHECK (no_email IN (0, 1)),
    not_at_work   {{int}} NOT NULL CHECK (not_at_work IN (0, 1)),
    days          TEXT NOT NULL,
    from_hour     {{int}} NOT NULL CHECK (from_hour BETWEEN 0 AND 24),
    until_hour    {{int}} NOT NULL CHECK (until_hour BETWEEN 0 AND 24),
    own_words     {{blob}} NOT NULL,
    words_read_by TEXT NOT NULL DEFAULT ''
) {{strict}};

CREATE INDEX contact_wishes_account ON contact_wishes (account_id, at);
CREATE INDEX contact_wishes_unread ON contact_wishes (at) WHERE words_read_by = '';

-- A message that somebody wanted to send and a rule stood against.
CREATE TABLE message_refusals (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    channel    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    reason     TEXT NOT NULL,
    rule       TEXT NOT NULL,
    asked_by   TEXT NOT NULL,
    at         {{ts}} NOT NULL
) {{strict}};

CREATE INDEX message_refusals_account ON message_refusals (account_id, at);
