-- +goose Up
CREATE TRIGGER contact_wishes_append_only BEFORE UPDATE OR DELETE ON contact_wishes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contact_wishes_no_truncate BEFORE TRUNCATE ON contact_wishes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER message_refusals_append_only BEFORE UPDATE OR DELETE ON message_refusals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER message_refusals_no_truncate BEFORE TRUNCATE ON message_refusals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
