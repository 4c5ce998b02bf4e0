-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
-- +goose StatementBegin
CREATE TRIGGER contact_wishes_no_update BEFORE UPDATE OF id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work, days, from_hour, until_hour, words_read_by ON contact_wishes
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contact_wishes_no_delete BEFORE DELETE ON contact_wishes
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contact_wishes_sealed_once BEFORE UPDATE OF own_words ON contact_wishes
WHEN NEW.own_words <> OLD.own_words AND (length(OLD.own_words) = 0 OR substr(OLD.own_words, 1, 1) = x'7e' OR substr(NEW.own_words, 1, 1) <> x'7e')
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER message_refusals_no_update BEFORE UPDATE ON message_refusals
BEGIN SELECT RAISE(ABORT, 'message_refusals may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER message_refusals_no_delete BEFORE DELETE ON message_refusals
BEGIN SELECT RAISE(ABORT, 'message_refusals may only be added to'); END;
-- +goose StatementEnd
