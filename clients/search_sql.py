"""The functions and triggers in Postgres that keep the search's documents, as their migration creates them (ADR 14)."""

from typing import Final

from django.db import migrations

# A number as people dial it in France and as they dial it from abroad.
_PHONE = """
CREATE FUNCTION clients_phone_forms(e164 text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN e164 ~ '^\\+(33|262|590|594|596)'
            THEN ARRAY[regexp_replace(e164, '^\\+(33|262|590|594|596)', '0'), substr(e164, 2)]
            ELSE ARRAY[substr(e164, 2)] END
$$
"""

# Names of several words are there a second time in one word, for who types LeGoff or SARL.
_DOCUMENTS = """
CREATE OR REPLACE FUNCTION clients_search_documents(ids bigint[]) RETURNS TABLE (client_id bigint, document text)
LANGUAGE sql STABLE AS $$
SELECT c.id, '| ' || string_agg(field, ' | ' ORDER BY place, field) || ' |'
  FROM clients_client c
 CROSS JOIN LATERAL (
       SELECT 1 AS place, house_normalise(raw) AS field
         FROM unnest(ARRAY[c.last_name, c.first_name, c.last_name || ' ' || c.first_name, c.company_name, c.code,
                           c.email]) AS raw
       UNION
       SELECT 2, replace(house_normalise(raw), ' ', '')
         FROM unnest(ARRAY[c.last_name, c.company_name, c.code]) AS raw WHERE house_normalise(raw) LIKE '% %'
       UNION ALL
       SELECT 3, unnest(clients_phone_forms(raw))
         FROM unnest(ARRAY[c.mobile_1, c.mobile_2, c.phone_1, c.phone_2]) AS raw WHERE raw <> ''
       UNION ALL
       SELECT 3 + a.id, house_normalise(raw)
         FROM clients_address a, unnest(ARRAY[a.number || ' ' || a.street, a.complement, a.postcode, a.city]) AS raw
        WHERE a.client_id = c.id
       UNION ALL
       SELECT -k.id, house_normalise(raw)
         FROM clients_contact k, unnest(ARRAY[k.last_name || ' ' || k.first_name] || k.emails::text[]) AS raw
        WHERE k.client_id = c.id
       UNION ALL
       SELECT -k.id, unnest(clients_phone_forms(raw))
         FROM clients_contact k, unnest(k.phones) AS raw WHERE k.client_id = c.id
{also} ) AS fields
 WHERE c.id = ANY (ids) AND field <> ''
 GROUP BY c.id
$$
"""

# The code of a record that was merged into this one, or into one that was: it stays the client's alias (CLI-32).
_ALIASES = """       UNION ALL
       SELECT DISTINCT 2, unnest(ARRAY[house_normalise(alias.code), replace(house_normalise(alias.code), ' ', '')])
         FROM (
           WITH RECURSIVE absorbed AS (
               SELECT m.id, m.code FROM clients_client m WHERE m.merged_into_id = c.id
               UNION SELECT m.id, m.code FROM clients_client m JOIN absorbed a ON m.merged_into_id = a.id
           ) SELECT code FROM absorbed
       ) AS alias
"""

# The lock first: two people who save one client's name and address at once must not each write without the other.
# The statement after it sees what the other one has committed.
_WRITE = """
CREATE FUNCTION clients_write_search(ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM clients_clientsearch s WHERE s.client_id = ANY (ids) ORDER BY s.client_id FOR UPDATE;
    WITH written AS (
        INSERT INTO clients_clientsearch AS s (client_id, document)
        SELECT d.client_id, d.document FROM clients_search_documents(ids) AS d
        ON CONFLICT (client_id) DO UPDATE SET document = EXCLUDED.document WHERE s.document <> EXCLUDED.document
        RETURNING s.document
    ), words AS (
        SELECT DISTINCT word FROM written, string_to_table(document, ' ') AS word
         WHERE length(word) >= 4 AND word !~ '[0-9]'
    )
    INSERT INTO clients_searchword (word)
    SELECT word FROM words WHERE NOT EXISTS (SELECT 1 FROM clients_searchword k WHERE k.word = words.word)
     ORDER BY word
    ON CONFLICT DO NOTHING;
END $$
"""

# One call per statement, not per row: loading 100,000 clients is one call.
_CHANGED = """
CREATE OR REPLACE FUNCTION clients_search_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_TABLE_NAME = 'clients_client' AND TG_OP = 'DELETE' THEN
        DELETE FROM clients_clientsearch s USING old_rows o WHERE s.client_id = o.id;
    ELSIF TG_TABLE_NAME = 'clients_client' AND TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM new_rows;
    ELSIF TG_TABLE_NAME = 'clients_client' THEN
        -- Not a join: its plan, kept since an update of one row, would compare each row with every other.
        SELECT array_agg(id) INTO ids FROM (
            SELECT id, last_name, first_name, company_name, code, email, mobile_1, mobile_2, phone_1, phone_2
              FROM new_rows
            EXCEPT
            SELECT id, last_name, first_name, company_name, code, email, mobile_1, mobile_2, phone_1, phone_2
              FROM old_rows
        ) AS changed;
{also}    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT client_id) INTO ids FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT client_id) INTO ids FROM old_rows;
    ELSE
        SELECT array_agg(DISTINCT client_id) INTO ids
          FROM (SELECT client_id FROM old_rows UNION ALL SELECT client_id FROM new_rows) AS touched;
    END IF;
    IF ids IS NOT NULL THEN PERFORM clients_write_search(ids); END IF;
    RETURN NULL;
END $$
"""

# A merge, its undo, another code of an absorbed record: told to all that it went into.
_KEPT = """        IF EXISTS (SELECT FROM new_rows WHERE merged_into_id IS NOT NULL)
           OR EXISTS (SELECT FROM old_rows WHERE merged_into_id IS NOT NULL) THEN
            SELECT nullif(ids || coalesce(array_agg(up.id), '{}'), '{}') INTO ids FROM (
                WITH RECURSIVE moved AS (
                    (SELECT id, code, merged_into_id FROM new_rows EXCEPT
                     SELECT id, code, merged_into_id FROM old_rows)
                    UNION ALL
                    (SELECT id, code, merged_into_id FROM old_rows EXCEPT
                     SELECT id, code, merged_into_id FROM new_rows)
                ), kept AS (
                    SELECT merged_into_id AS id FROM moved WHERE merged_into_id IS NOT NULL
                    UNION SELECT c.merged_into_id FROM clients_client c JOIN kept k ON c.id = k.id
                     WHERE c.merged_into_id IS NOT NULL
                ) SELECT id FROM kept
            ) AS up;
        END IF;
"""

# Words that no document holds any more: a name that was erased must not stay here.
_FORGET = """
CREATE FUNCTION clients_forget_words() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE forgotten bigint;
BEGIN
    DELETE FROM clients_searchword k USING (
        SELECT word FROM clients_searchword
        EXCEPT SELECT word FROM clients_clientsearch, string_to_table(document, ' ') AS word
    ) AS unused WHERE k.word = unused.word;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$
"""

FUNCTIONS: Final = {
    "clients_phone_forms(text)": _PHONE,
    "clients_search_documents(bigint[])": _DOCUMENTS.replace("{also}", ""),
    "clients_write_search(bigint[])": _WRITE,
    "clients_search_changed()": _CHANGED.replace("{also}", ""),
    "clients_forget_words()": _FORGET,
}
# Since there are merges.
WITH_ALIASES: Final = {
    "clients_search_documents(bigint[])": _DOCUMENTS.replace("{also}", _ALIASES),
    "clients_search_changed()": _CHANGED.replace("{also}", _KEPT),
}
# The planner must know a pattern that one client in a hundred has from one that one in three has.
STATISTICS: Final = "ALTER TABLE clients_clientsearch ALTER COLUMN document SET STATISTICS 500"
FILL: Final = "SELECT clients_write_search(array_agg(id)) FROM clients_client"
TABLES: Final = ("clients_client", "clients_address", "clients_contact")
_TRANSITIONS: Final = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def functions() -> list[migrations.RunSQL]:
    return [migrations.RunSQL(body, f"DROP FUNCTION {name}") for name, body in FUNCTIONS.items()]


def with_aliases() -> list[migrations.RunSQL]:
    return [migrations.RunSQL(body, FUNCTIONS[name]) for name, body in WITH_ALIASES.items()]


def triggers() -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER search_{verb} AFTER {verb} ON {table} REFERENCING {rows} FOR EACH STATEMENT"
            " EXECUTE FUNCTION clients_search_changed()",
            f"DROP TRIGGER search_{verb} ON {table}",
        )
        for table in TABLES
        for verb, rows in _TRANSITIONS.items()
    ]
