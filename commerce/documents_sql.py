"""What Postgres itself refuses of a document, in French, whoever writes (docs/rules/documents.md)."""

from typing import Final

# FOR SHARE: a state that is being changed is waited for, and then the line is refused.
REFUSE_LINES: Final = """
CREATE FUNCTION commerce_refuse_lines() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    held record;
    line commerce_documentline;
BEGIN
    line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    SELECT kind, state INTO held FROM commerce_document WHERE id = line.document_id FOR SHARE;
    IF FOUND AND held.state <> 'draft' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_line_of_no_draft',
            MESSAGE = 'Cette pièce n’est plus un brouillon\u00a0: ses lignes ne changent plus.';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND NEW.document_id <> OLD.document_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_line_elsewhere',
            MESSAGE = 'Une ligne ne change pas de pièce.';
    END IF;
    IF NEW.quantity <= 0 AND held.kind <> 'credit_note' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_line_quantity',
            MESSAGE = 'Une quantité est plus grande que zéro, sauf sur un avoir.';
    END IF;
    IF NEW.is_option AND held.kind <> 'quote' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_line_option',
            MESSAGE = 'Une option n’est possible que sur un devis.';
    END IF;
    IF NEW.parent_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM commerce_documentline p
                        WHERE p.id = NEW.parent_id AND p.document_id = NEW.document_id AND p.parent_id IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_line_parent',
            MESSAGE = 'Un composant est sous une ligne de la même pièce.';
    END IF;
    RETURN NEW;
END $$
"""

REFUSE_DOCUMENTS: Final = """
CREATE FUNCTION commerce_refuse_documents() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state = 'draft' THEN RETURN OLD; END IF;
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_document_kept',
            MESSAGE = 'Cette pièce n’est plus un brouillon\u00a0: elle ne se supprime pas.';
    END IF;
    IF NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_document_kind',
            MESSAGE = 'Une pièce ne change pas de genre\u00a0: transformez-la.';
    END IF;
    RETURN NEW;
END $$
"""

# Deferred where the client changes: a merge carries addresses, ouvrages and documents one table after the other.
REFUSE_STRANGERS: Final = """
CREATE FUNCTION commerce_refuse_strangers() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE held commerce_document;
BEGIN
    held := NEW;
    IF TG_WHEN = 'AFTER' THEN
        SELECT * INTO held FROM commerce_document WHERE id = NEW.id;
        IF NOT FOUND THEN RETURN NULL; END IF;
    ELSIF TG_OP = 'UPDATE' AND NEW.client_id <> OLD.client_id THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM clients_installation i WHERE i.id = held.installation_id AND i.client_id <> held.client_id)
       OR EXISTS (SELECT FROM clients_address a
                   WHERE a.id IN (held.billing_address_id, held.delivery_address_id, held.site_address_id)
                     AND a.client_id <> held.client_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_document_strangers',
            MESSAGE = 'L’ouvrage et les adresses d’une pièce sont ceux de son client.';
    END IF;
    RETURN NEW;
END $$
"""

TRIGGERS: Final = (
    (
        "refuse_lines",
        "commerce_documentline",
        "CREATE TRIGGER refuse_lines BEFORE INSERT OR UPDATE OR DELETE ON commerce_documentline FOR EACH ROW"
        " EXECUTE FUNCTION commerce_refuse_lines()",
    ),
    (
        "refuse_documents",
        "commerce_document",
        "CREATE TRIGGER refuse_documents BEFORE UPDATE OR DELETE ON commerce_document FOR EACH ROW"
        " EXECUTE FUNCTION commerce_refuse_documents()",
    ),
    (
        "refuse_strangers",
        "commerce_document",
        "CREATE TRIGGER refuse_strangers BEFORE INSERT OR UPDATE ON commerce_document FOR EACH ROW"
        " EXECUTE FUNCTION commerce_refuse_strangers()",
    ),
    (
        "refuse_strangers_late",
        "commerce_document",
        "CREATE CONSTRAINT TRIGGER refuse_strangers_late AFTER UPDATE OF client_id ON commerce_document"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_refuse_strangers()",
    ),
)
FUNCTIONS: Final = (
    ("commerce_refuse_lines", REFUSE_LINES),
    ("commerce_refuse_documents", REFUSE_DOCUMENTS),
    ("commerce_refuse_strangers", REFUSE_STRANGERS),
)
