"""The original of a document stays in the porte-doc, whoever writes."""

from typing import Final

KEEP_ORIGINALS: Final = """
CREATE FUNCTION commerce_keep_originals() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM commerce_printedcopy p WHERE p.file_id = OLD.id) THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.storage_key, NEW.sha256, NEW.size, NEW.content_type)
       IS NOT DISTINCT FROM (OLD.id, OLD.storage_key, OLD.sha256, OLD.size, OLD.content_type) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_original_kept',
        MESSAGE = 'L’original d’une pièce validée reste dans le porte-doc : il ne se supprime pas.';
END $$
"""
FUNCTIONS: Final = (("commerce_keep_originals", KEEP_ORIGINALS.replace(" : ", "\u00a0: ")),)
TRIGGERS: Final = (
    (
        "keep_originals",
        "clients_storedfile",
        # Not on other columns: a thumbnail or a tag asks nothing.
        "CREATE TRIGGER keep_originals BEFORE DELETE OR UPDATE OF id, storage_key, sha256, size, content_type"
        " ON clients_storedfile FOR EACH ROW EXECUTE FUNCTION commerce_keep_originals()",
    ),
    (
        "append_only",
        "commerce_printedcopy",
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON commerce_printedcopy FOR EACH ROW"
        " EXECUTE FUNCTION commerce_append_only()",
    ),
)
