-- +goose Up
-- Who read the words is written with the row too.
DROP TRIGGER contact_wishes_append_only ON contact_wishes;
CREATE TRIGGER contact_wishes_append_only BEFORE DELETE OR UPDATE OF id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work, days, from_hour, until_hour, words_read_by ON contact_wishes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
