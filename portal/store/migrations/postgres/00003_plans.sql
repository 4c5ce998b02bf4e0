-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
CREATE TRIGGER plan_agreements_append_only BEFORE DELETE OR UPDATE OF plan_id, version, why, lines, consent_hash, consent_session, consent_language, consent_at, agreed_at ON plan_agreements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_agreements_no_truncate BEFORE TRUNCATE ON plan_agreements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_agreements_sealed_once BEFORE UPDATE OF name, consent_text, consent_ip, consent_user_agent ON plan_agreements
    FOR EACH ROW WHEN (NEW.name <> OLD.name AND (length(OLD.name) = 0 OR substr(OLD.name, 1, 1) = '~' OR substr(NEW.name, 1, 1) <> '~')
        OR NEW.consent_text <> OLD.consent_text AND (length(OLD.consent_text) = 0 OR substr(OLD.consent_text, 1, 1) = '~' OR substr(NEW.consent_text, 1, 1) <> '~')
        OR NEW.consent_ip <> OLD.consent_ip AND (length(OLD.consent_ip) = 0 OR substr(OLD.consent_ip, 1, 1) = '~' OR substr(NEW.consent_ip, 1, 1) <> '~')
        OR NEW.consent_user_agent <> OLD.consent_user_agent AND (length(OLD.consent_user_agent) = 0 OR substr(OLD.consent_user_agent, 1, 1) = '~' OR substr(NEW.consent_user_agent, 1, 1) <> '~'))
    EXECUTE FUNCTION refuse_change();

CREATE TRIGGER plan_terms_append_only BEFORE UPDATE OR DELETE ON plan_terms
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_terms_no_truncate BEFORE TRUNCATE ON plan_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
