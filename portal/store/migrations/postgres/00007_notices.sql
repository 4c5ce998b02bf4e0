-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
CREATE TRIGGER validation_notices_append_only BEFORE DELETE OR UPDATE OF id, account_id, debt_id, provided_on, received_on, ends_on, delivered_via, source, itemization_type, itemization_date, hash, at ON validation_notices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER validation_notices_no_truncate BEFORE TRUNCATE ON validation_notices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER validation_notices_sealed_once BEFORE UPDATE OF sealed ON validation_notices
    FOR EACH ROW WHEN (NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substring(OLD.sealed from 1 for 1) = '\x7e'::bytea OR substring(NEW.sealed from 1 for 1) <> '\x7e'::bytea))
    EXECUTE FUNCTION refuse_change();

CREATE TRIGGER validation_requests_append_only BEFORE UPDATE OR DELETE ON validation_requests
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER validation_requests_no_truncate BEFORE TRUNCATE ON validation_requests
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
