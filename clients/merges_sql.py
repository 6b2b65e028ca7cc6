"""The guard in Postgres that closes a merged record: nothing is added to it by a page that was still open (CLI-32)."""

from typing import Final

from django.db import migrations

# The lock is what makes a row that comes during a merge wait for it, and be refused once it is done. Rows that an undo
# gives back come from the record that had taken them.
REFUSE_MERGED: Final = """
CREATE FUNCTION clients_refuse_merged() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE went_to bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.client_id = OLD.client_id THEN RETURN NEW; END IF;
    SELECT merged_into_id INTO went_to FROM clients_client WHERE id = NEW.client_id FOR KEY SHARE;
    IF went_to IS NULL OR (TG_OP = 'UPDATE' AND OLD.client_id = went_to) THEN RETURN NEW; END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_merged_client',
        MESSAGE = 'Cette fiche a été fusionnée dans une autre\u00a0: ouvrez-la pour y ajouter quelque chose.';
END $$
"""
FUNCTION: Final = migrations.RunSQL(REFUSE_MERGED, "DROP FUNCTION clients_refuse_merged()")


def refuse_merged(table: str) -> migrations.RunSQL:
    """Close `table` (with a column client_id) for merged clients: each carried table says so in its migration."""
    return migrations.RunSQL(
        f"CREATE TRIGGER refuse_merged BEFORE INSERT OR UPDATE OF client_id ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION clients_refuse_merged()",
        f"DROP TRIGGER refuse_merged ON {table}",
    )
