-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
CREATE TRIGGER claim_reports_append_only BEFORE DELETE OR UPDATE OF id, claim_id, at, door, said_by ON claim_reports
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_reports_no_truncate BEFORE TRUNCATE ON claim_reports
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_reports_sealed_once BEFORE UPDATE OF sealed ON claim_reports
    FOR EACH ROW WHEN (NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substring(OLD.sealed from 1 for 1) = '\x7e'::bytea OR substring(NEW.sealed from 1 for 1) <> '\x7e'::bytea))
    EXECUTE FUNCTION refuse_change();

CREATE TRIGGER disputes_append_only BEFORE UPDATE OR DELETE ON disputes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disputes_no_truncate BEFORE TRUNCATE ON disputes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dispute_steps_append_only BEFORE UPDATE OR DELETE ON dispute_steps
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dispute_steps_no_truncate BEFORE TRUNCATE ON dispute_steps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
