-- +goose Up
-- Who read the words is written with the row too.
DROP TRIGGER contact_wishes_no_update;
-- +goose StatementBegin
CREATE TRIGGER contact_wishes_no_update BEFORE UPDATE OF id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work, days, from_hour, until_hour, words_read_by ON contact_wishes
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd
