"""The functions in Postgres behind audit and versions, as the first migration creates them."""

# Runs as the tables' owner (SECURITY DEFINER): the program's role cannot write the trail by hand. Arguments of the
# trigger: model, key column, secret columns, skipped columns. A row that did not really change leaves no line.
AUDIT_ROW = """
CREATE FUNCTION audit_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    secret text[] := string_to_array(TG_ARGV[2], ',');
    skipped text[] := string_to_array(TG_ARGV[3], ',');
    old_row jsonb := '{}';
    new_row jsonb := '{}';
    was jsonb;
    becomes jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    SELECT jsonb_object_agg(name, CASE WHEN name = ANY (secret) THEN '"•••"' ELSE old_row -> name END),
           jsonb_object_agg(name, CASE WHEN name = ANY (secret) THEN '"•••"' ELSE new_row -> name END)
      INTO was, becomes
      FROM jsonb_object_keys(old_row || new_row) AS name
     WHERE name <> ALL (skipped) AND old_row -> name IS DISTINCT FROM new_row -> name;
    IF was IS NULL THEN RETURN NULL; END IF;
    INSERT INTO settings_app_auditentry
           (at, actor_id, source, request_id, model, object_key, verb, before, after)
    VALUES (clock_timestamp(),
            nullif(current_setting('extrabat.actor', true), '')::bigint,
            coalesce(nullif(current_setting('extrabat.source', true), ''), 'hors programme'),
            coalesce(current_setting('extrabat.request_id', true), ''),
            TG_ARGV[0],
            (old_row || new_row) ->> TG_ARGV[1],
            CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'change' ELSE 'delete' END,
            CASE WHEN TG_OP <> 'INSERT' THEN was END,
            CASE WHEN TG_OP <> 'DELETE' THEN becomes END);
    RETURN NULL;
END $$
"""

# Who, when and what stay; the values go.
AUDIT_ERASE = """
CREATE FUNCTION audit_erase(erased_model text, erased_key text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched integer;
BEGIN
    UPDATE settings_app_auditentry SET before = NULL, after = NULL
     WHERE model = erased_model AND object_key = erased_key AND (before IS NOT NULL OR after IS NOT NULL);
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$
"""

COUNT_VERSION = """
CREATE FUNCTION count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$
"""

# Erasing leaves a line of its own, with its reason: nobody empties a trail unseen. Lines of erasures stay as they are.
# `kept` names columns that stay: keys that say whose the record was, nothing that a person typed.
AUDIT_ERASE_TOLD = """
CREATE FUNCTION audit_erase(erased_model text, erased_key text, reason text, kept text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched integer;
BEGIN
    IF coalesce(trim(reason), '') = '' THEN
        RAISE check_violation USING MESSAGE = 'Un effacement se motive.', CONSTRAINT = 'refused_without_a_reason';
    END IF;
    UPDATE settings_app_auditentry
       SET before = (SELECT jsonb_object_agg(name, value) FROM jsonb_each(before) AS old(name, value)
                      WHERE name = ANY (kept)),
           after = (SELECT jsonb_object_agg(name, value) FROM jsonb_each(after) AS new(name, value)
                     WHERE name = ANY (kept))
     WHERE model = erased_model AND object_key = erased_key AND verb <> 'erase'
       AND EXISTS (SELECT FROM jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) AS name
                    WHERE name <> ALL (kept));
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched > 0 THEN
        INSERT INTO settings_app_auditentry
               (at, actor_id, source, request_id, model, object_key, verb, before, after)
        VALUES (clock_timestamp(),
                nullif(current_setting('extrabat.actor', true), '')::bigint,
                coalesce(nullif(current_setting('extrabat.source', true), ''), 'hors programme'),
                coalesce(current_setting('extrabat.request_id', true), ''),
                erased_model, erased_key, 'erase', NULL,
                jsonb_build_object('reason', reason, 'lines', touched));
    END IF;
    RETURN touched;
END $$
"""

# A security log is kept twelve months, no longer (CNIL, deliberation 2021-122: six months to a year). The only lines
# that ever leave the trail: the function takes no argument, so that nobody can ask it for others.
FORGET_SIGN_INS = """
CREATE FUNCTION forget_sign_ins() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    since timestamptz := now() - interval '12 months';
    forgotten bigint;
BEGIN
    DELETE FROM settings_app_signinevent WHERE at < since;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    DELETE FROM settings_app_auditentry
     WHERE model = 'settings_app.user' AND at < since AND verb = 'create' AND after ?& ARRAY['event', 'method'];
    RETURN forgotten;
END $$
"""
