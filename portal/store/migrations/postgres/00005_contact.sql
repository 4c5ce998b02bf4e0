-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
CREATE TRIGGER contact_wishes_append_only BEFORE DELETE OR UPDATE OF id, account_id, at, recorded_by, text_version, no_sms, no_email, not_at_work, days, from_hour, until_hour, words_read_by ON contact_wishes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contact_wishes_no_truncate BEFORE TRUNCATE ON contact_wishes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contact_wishes_sealed_once BEFORE UPDATE OF own_words ON contact_wishes
    FOR EACH ROW WHEN (NEW.own_words <> OLD.own_words AND (length(OLD.own_words) = 0 OR substring(OLD.own_words from 1 for 1) = '\x7e'::bytea OR substring(NEW.own_words from 1 for 1) <> '\x7e'::bytea))
    EXECUTE FUNCTION refuse_change();

CREATE TRIGGER message_refusals_append_only BEFORE UPDATE OR DELETE ON message_refusals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER message_refusals_no_truncate BEFORE TRUNCATE ON message_refusals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
