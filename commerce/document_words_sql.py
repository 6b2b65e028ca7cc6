"""One column of words per document, its client's among them: a search reads one index, whatever it is looked for by."""

from typing import Final

_WORDS: Final = (
    "' ' || house_normalise(concat_ws(' ', {document}.number, {document}.title, {document}.client_reference,"
    " {client}.company_name, {client}.last_name, {client}.first_name, {client}.code)) || ' '"
)

DOCUMENT_WORDS: Final = f"""
CREATE FUNCTION commerce_document_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    SELECT {_WORDS.format(document="NEW", client="c")} INTO NEW.search_text
      FROM clients_client c WHERE c.id = NEW.client_id;
    NEW.search_text := coalesce(NEW.search_text, '');
    RETURN NEW;
END $$
"""  # noqa: S608  # names of columns only

CLIENT_WORDS: Final = f"""
CREATE FUNCTION commerce_client_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE commerce_document d SET search_text = {_WORDS.format(document="d", client="NEW")}
     WHERE d.client_id = NEW.id;
    RETURN NULL;
END $$
"""  # noqa: S608  # names of columns only

FILL: Final = f"""
UPDATE commerce_document d SET search_text = {_WORDS.format(document="d", client="c")}
  FROM clients_client c WHERE c.id = d.client_id
"""  # noqa: S608  # names of columns only

FUNCTIONS: Final = (("commerce_document_words", DOCUMENT_WORDS), ("commerce_client_words", CLIENT_WORDS))
_NAMES: Final = ("company_name", "last_name", "first_name", "code")
TRIGGERS: Final = (
    (
        "document_words",
        "commerce_document",
        "CREATE TRIGGER document_words BEFORE INSERT OR UPDATE OF client_id, number, title, client_reference"
        " ON commerce_document FOR EACH ROW EXECUTE FUNCTION commerce_document_words()",
    ),
    (
        "client_words",
        "clients_client",
        f"CREATE TRIGGER client_words AFTER UPDATE OF {', '.join(_NAMES)} ON clients_client FOR EACH ROW"
        f" WHEN (({', '.join(f'OLD.{name}' for name in _NAMES)}) IS DISTINCT FROM"
        f" ({', '.join(f'NEW.{name}' for name in _NAMES)})) EXECUTE FUNCTION commerce_client_words()",
    ),
)
