-- +goose Up
-- What a browser is, in two words of ours, so that a person knows their own
-- sessions; nothing of what it says of itself is kept (F15).
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_link ON sessions (link_id) WHERE ended_at IS NULL AND link_id <> '';

-- When the holder of a link asked for a new one; a job answers, so that asking
-- is the same work whatever the answer is.
ALTER TABLE links ADD COLUMN asked_at {{ts}};
CREATE INDEX links_asked ON links (asked_at) WHERE asked_at IS NOT NULL;
