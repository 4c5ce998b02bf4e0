-- +goose Up
-- Whose debts a token may know of: references of creditors, or "*" for all. It has
-- none by itself. When it was used last, and when another took its place.
ALTER TABLE api_tokens ADD COLUMN creditors TEXT NOT NULL DEFAULT '[]';
ALTER TABLE api_tokens ADD COLUMN used_at {{ts}};
ALTER TABLE api_tokens ADD COLUMN rotated_at {{ts}};
