-- +goose Up
-- The authenticator app of a person of the console (SEC-06). The secret is sealed;
-- last_step is the newest step whose code was used: no code counts twice.
CREATE TABLE staff_apps (
    staff_id   TEXT NOT NULL PRIMARY KEY REFERENCES staff (id),
    sealed     {{blob}} NOT NULL,
    last_step  {{int}} NOT NULL,
    created_at {{ts}} NOT NULL
) {{strict}};

-- Recovery codes, by a keyed hash; each works once.
CREATE TABLE staff_recovery_codes (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    hash     {{blob}} NOT NULL,
    used_at  {{ts}},
    PRIMARY KEY (staff_id, hash)
) {{strict}};

-- Programs before this one let people in by a password alone: none runs on, and no
-- session that was opened so.
UPDATE schema_floor SET version = 22 WHERE version < 22;
UPDATE sessions SET ended_at = seen_at, ended_why = 'a second factor is asked for' WHERE audience = 'staff' AND ended_at IS NULL;
