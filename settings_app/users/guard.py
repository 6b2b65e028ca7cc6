"""The house always has somebody who holds the keys: asked here, guaranteed by a trigger at the end of a transaction."""

from typing import Final

from django.db import connection

from extrabat.lib.refusals import Refused
from settings_app.users.models import User
from settings_app.users.rights import ADMINISTRATOR

# Whoever takes keys away holds this lock to the end of his transaction: of two at once the second sees the first.
LOCK: Final = 4_107_001
LAST: Final = (
    "C’est la dernière personne qui peut gérer les utilisateurs\u00a0: donnez d’abord ce droit à quelqu’un d’autre."
)
# Which role keeps the keys of the house, and which rights they are.
KEYS: Final = {ADMINISTRATOR: frozenset({"manage_users", "change_settings"})}

# Deferred, so that a transaction may pass the keys from one to another in any order. Only what takes keys away asks.
SQL: Final = f"""
CREATE FUNCTION house_has_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    keys integer := (SELECT p.id FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id
                      WHERE c.app_label = 'settings_app' AND p.codename = 'manage_users');
    took boolean;
BEGIN
    IF TG_TABLE_NAME = 'settings_app_user' AND TG_OP = 'UPDATE' AND (to_jsonb(NEW) ->> 'is_active')::boolean THEN
        RETURN NULL;
    END IF;
    took := CASE TG_TABLE_NAME
        WHEN 'settings_app_user' THEN EXISTS (
            SELECT FROM settings_app_user_groups g JOIN auth_group_permissions p USING (group_id)
             WHERE g.user_id = (to_jsonb(OLD) ->> 'id')::bigint AND p.permission_id = keys)
        WHEN 'settings_app_user_groups' THEN EXISTS (
            SELECT FROM auth_group_permissions p
             WHERE p.group_id = (to_jsonb(OLD) ->> 'group_id')::integer AND p.permission_id = keys)
        -- The role may be gone with its people: only a house without anybody has nobody to lock out.
        ELSE (to_jsonb(OLD) ->> 'permission_id')::integer = keys AND EXISTS (
            SELECT FROM settings_app_user u WHERE u.is_active)
    END;
    IF NOT took THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock({LOCK});
    IF NOT EXISTS (
        SELECT FROM settings_app_user u
          JOIN settings_app_user_groups g ON g.user_id = u.id
          JOIN auth_group_permissions p USING (group_id)
         WHERE u.is_active AND p.permission_id = keys)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'house_has_administrator',
            MESSAGE = 'nobody would hold manage_users any more';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER house_has_administrator AFTER UPDATE OF is_active OR DELETE ON settings_app_user
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active) EXECUTE FUNCTION house_has_administrator();
CREATE CONSTRAINT TRIGGER house_has_administrator AFTER UPDATE OR DELETE ON settings_app_user_groups
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION house_has_administrator();
CREATE CONSTRAINT TRIGGER house_has_administrator AFTER UPDATE OR DELETE ON auth_group_permissions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION house_has_administrator();
CREATE UNIQUE INDEX user_one_role ON settings_app_user_groups (user_id);
"""  # noqa: S608  # our own number
REVERSE_SQL: Final = """
DROP INDEX user_one_role;
DROP TRIGGER house_has_administrator ON auth_group_permissions;
DROP TRIGGER house_has_administrator ON settings_app_user_groups;
DROP TRIGGER house_has_administrator ON settings_app_user;
DROP FUNCTION house_has_administrator();
"""


def hold_keys() -> None:
    """Take the lock for the rest of the caller's transaction, before any row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def refuse_to_take_the_last(person: User) -> None:
    """Raise `Refused` when nobody but `person` could manage users; call it under `hold_keys`."""
    holders = User.objects.filter(is_active=True, groups__permissions__codename="manage_users")
    if holders.filter(pk=person.pk).exists() and not holders.exclude(pk=person.pk).exists():
        raise Refused(LAST)
