"""The trigger's function that keeps nomenclatures finite, as its migration creates it (docs/rules/prices.md)."""

from typing import Final

# One change at a time, so that two people cannot each add half of a circle. The statements after the lock see what the
# other one has committed. Floors are counted up from the assembly and down from the part, each no further than needed.
REFUSE_CIRCLES: Final = """
CREATE FUNCTION commerce_refuse_circles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above integer;
    below integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('commerce_assemblypart'));
    WITH RECURSIVE down(id) AS (
        SELECT NEW.article_id
        UNION SELECT p.article_id FROM down d JOIN commerce_assemblypart p ON p.assembly_id = d.id
    )
    SELECT 1 INTO below FROM down WHERE id = NEW.assembly_id;
    IF FOUND THEN
        RAISE EXCEPTION 'Une nomenclature ne se contient pas elle-même.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assembly_part_no_circle';
    END IF;
    WITH RECURSIVE down(id, floors) AS (
        SELECT NEW.article_id, 0
        UNION SELECT p.article_id, d.floors + 1
          FROM down d JOIN commerce_assemblypart p ON p.assembly_id = d.id WHERE d.floors < 7
    )
    SELECT max(floors) INTO below FROM down;
    WITH RECURSIVE up(id, floors) AS (
        SELECT NEW.assembly_id, 1
        UNION SELECT p.assembly_id, u.floors + 1
          FROM up u JOIN commerce_assemblypart p ON p.article_id = u.id WHERE u.floors < 7
    )
    SELECT max(floors) INTO above FROM up;
    IF above + below > 6 THEN
        RAISE EXCEPTION 'Des nomenclatures s’emboîtent sur six niveaux au plus.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assembly_part_floors';
    END IF;
    RETURN NULL;
END $$
"""
