"""What Postgres itself refuses once a document is issued, in French, whoever writes (docs/rules/issuing.md)."""

from typing import Final

from commerce.models.frozen import FROZEN

_COLUMNS: Final = ", ".join(f"'{name}'" for name in FROZEN)

# The document as it was compared with as it becomes: to_jsonb reads every type, and a new column is no surprise.
REFUSE_DOCUMENTS: Final = f"""
CREATE OR REPLACE FUNCTION commerce_refuse_documents() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE changed text;
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
    IF OLD.state = 'draft' THEN RETURN NEW; END IF;
    SELECT name INTO changed FROM unnest(ARRAY[{_COLUMNS}]) AS name
     WHERE to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name LIMIT 1;
    IF changed IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_document_frozen',
            MESSAGE = 'Cette pièce est validée\u00a0: elle ne change plus. Faites un avoir ou une copie.';
    END IF;
    IF NEW.state <> OLD.state AND NOT (
           (OLD.kind = 'quote' AND OLD.state = 'issued' AND NEW.state IN ('accepted', 'refused'))
        OR (OLD.kind = 'quote' AND OLD.state IN ('accepted', 'refused') AND NEW.state = 'issued')
        OR (OLD.kind = 'order' AND OLD.state = 'confirmed' AND NEW.state = 'cancelled')
        OR (OLD.kind = 'delivery_note' AND OLD.state = 'delivered' AND NEW.state = 'cancelled')) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_document_state',
            MESSAGE = 'Cette pièce ne peut pas passer dans cet état.';
    END IF;
    IF NEW.client_id <> OLD.client_id AND NOT EXISTS (
        SELECT FROM clients_client c
         WHERE (c.id = OLD.client_id AND c.merged_into_id = NEW.client_id)
            OR (c.id = NEW.client_id AND c.merged_into_id = OLD.client_id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_document_client',
            MESSAGE = 'Une pièce validée ne change de client que par une fusion de fiches.';
    END IF;
    RETURN NEW;
END $$
"""  # noqa: S608  # names of columns from the list beside

# Looked at when the transaction ends: number, copy and state are written one after the other.
REFUSE_UNCOPIED: Final = """
CREATE FUNCTION commerce_refuse_uncopied() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    held commerce_document;
    kept commerce_issuedcopy;
BEGIN
    SELECT * INTO held FROM commerce_document WHERE id = NEW.id;
    IF NOT FOUND OR held.state = 'draft' THEN RETURN NULL; END IF;
    SELECT * INTO kept FROM commerce_issuedcopy WHERE document_id = held.id;
    IF held.number = '' OR kept.document_id IS NULL OR kept.content ->> 'number' <> held.number
       OR (kept.content -> 'totals' ->> 'gross')::numeric <> held.gross THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_document_uncopied',
            MESSAGE = 'Une pièce quitte le brouillon par la validation, avec son numéro et sa copie.';
    END IF;
    RETURN NULL;
END $$
"""

# Rows that are written once, whoever writes: the program's role has no right to change them, the owner meets this.
APPEND_ONLY: Final = """
CREATE FUNCTION commerce_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_append_only',
        MESSAGE = 'Ce qui est enregistré ici ne change plus et ne s’efface pas.';
END $$
"""
WRITTEN_ONCE: Final = (
    *("commerce_issuedcopy", "commerce_issuedrate", "commerce_legaloverride"),
    *("commerce_sealevent", "commerce_closing"),
)

REFUSE_DEDUCTIONS: Final = """
CREATE FUNCTION commerce_refuse_deductions() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    row commerce_depositdeduction;
    invoice commerce_document;
    deposit commerce_document;
BEGIN
    row := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    SELECT * INTO invoice FROM commerce_document WHERE id = row.invoice_id FOR SHARE;
    IF TG_OP = 'UPDATE' OR (invoice.id IS NOT NULL AND invoice.state <> 'draft') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_deduction_frozen',
            MESSAGE = 'Cette facture est validée\u00a0: ses acomptes déduits ne changent plus.';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    SELECT * INTO deposit FROM commerce_document WHERE id = row.deposit_id FOR SHARE;
    IF invoice.kind <> 'invoice' OR deposit.kind <> 'deposit_invoice' OR deposit.state <> 'issued'
       OR deposit.client_id <> invoice.client_id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_deduction',
            MESSAGE = 'Seule une facture d’acompte validée du même client se déduit d’une facture.';
    END IF;
    RETURN NEW;
END $$
"""

# The chain grows by one, from its head; the head follows no other way.
SEAL_HEAD: Final = """
CREATE FUNCTION commerce_seal_head() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.seq <> OLD.seq + 1 OR NOT EXISTS (
        SELECT FROM commerce_sealevent e WHERE e.seq = NEW.seq AND e.signature = NEW.signature
           AND e.previous = OLD.signature) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_seal_head',
            MESSAGE = 'La chaîne du scellement ne fait que s’allonger, d’un événement à la fois.';
    END IF;
    RETURN NEW;
END $$
"""

COUNTERS: Final = """
CREATE FUNCTION commerce_counters() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.series <> OLD.series OR NEW.year <> OLD.year OR NEW.last <> OLD.last + 1
       OR NEW.last_on < OLD.last_on THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_counter',
            MESSAGE = 'Un compteur de numéros avance d’un en un.';
    END IF;
    RETURN NEW;
END $$
"""

FUNCTIONS: Final = (
    ("commerce_refuse_uncopied", REFUSE_UNCOPIED),
    ("commerce_append_only", APPEND_ONLY),
    ("commerce_refuse_deductions", REFUSE_DEDUCTIONS),
    ("commerce_seal_head", SEAL_HEAD),
    ("commerce_counters", COUNTERS),
)
TRIGGERS: Final = (
    (
        "refuse_uncopied",
        "commerce_document",
        "CREATE CONSTRAINT TRIGGER refuse_uncopied AFTER INSERT OR UPDATE OF state, number ON commerce_document"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commerce_refuse_uncopied()",
    ),
    *(
        (
            "append_only",
            table,
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION commerce_append_only()",
        )
        for table in WRITTEN_ONCE
    ),
    (
        "refuse_deductions",
        "commerce_depositdeduction",
        "CREATE TRIGGER refuse_deductions BEFORE INSERT OR UPDATE OR DELETE ON commerce_depositdeduction FOR EACH ROW"
        " EXECUTE FUNCTION commerce_refuse_deductions()",
    ),
    (
        "seal_head",
        "commerce_sealhead",
        "CREATE TRIGGER seal_head BEFORE UPDATE OR DELETE ON commerce_sealhead FOR EACH ROW"
        " EXECUTE FUNCTION commerce_seal_head()",
    ),
    (
        "counters",
        "commerce_numberseries",
        "CREATE TRIGGER counters BEFORE UPDATE OR DELETE ON commerce_numberseries FOR EACH ROW"
        " EXECUTE FUNCTION commerce_counters()",
    ),
)
