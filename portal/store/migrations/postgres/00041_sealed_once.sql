-- +goose Up
-- A value that stood plain, or sealed by a key of no single account, may be
-- sealed once; what is sealed by the account's key is never changed again.
CREATE TRIGGER validation_notices_sealed_once BEFORE UPDATE OF sealed ON validation_notices
    FOR EACH ROW WHEN (NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substring(OLD.sealed from 1 for 1) = '\x7e'::bytea OR substring(NEW.sealed from 1 for 1) <> '\x7e'::bytea))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_reports_sealed_once BEFORE UPDATE OF sealed ON claim_reports
    FOR EACH ROW WHEN (NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substring(OLD.sealed from 1 for 1) = '\x7e'::bytea OR substring(NEW.sealed from 1 for 1) <> '\x7e'::bytea))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contact_wishes_sealed_once BEFORE UPDATE OF own_words ON contact_wishes
    FOR EACH ROW WHEN (NEW.own_words <> OLD.own_words AND (length(OLD.own_words) = 0 OR substring(OLD.own_words from 1 for 1) = '\x7e'::bytea OR substring(NEW.own_words from 1 for 1) <> '\x7e'::bytea))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_agreements_sealed_once BEFORE UPDATE OF name, consent_text, consent_ip, consent_user_agent ON plan_agreements
    FOR EACH ROW WHEN (NEW.name <> OLD.name AND (length(OLD.name) = 0 OR substr(OLD.name, 1, 1) = '~' OR substr(NEW.name, 1, 1) <> '~')
        OR NEW.consent_text <> OLD.consent_text AND (length(OLD.consent_text) = 0 OR substr(OLD.consent_text, 1, 1) = '~' OR substr(NEW.consent_text, 1, 1) <> '~')
        OR NEW.consent_ip <> OLD.consent_ip AND (length(OLD.consent_ip) = 0 OR substr(OLD.consent_ip, 1, 1) = '~' OR substr(NEW.consent_ip, 1, 1) <> '~')
        OR NEW.consent_user_agent <> OLD.consent_user_agent AND (length(OLD.consent_user_agent) = 0 OR substr(OLD.consent_user_agent, 1, 1) = '~' OR substr(NEW.consent_user_agent, 1, 1) <> '~'))
    EXECUTE FUNCTION refuse_change();
