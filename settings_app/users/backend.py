"""Who the signed-in person is, with store, role and rights, in one query a request."""

from typing import Any, Final

from allauth.account.auth_backends import AuthenticationBackend

from extrabat.lib.compiled import Compiled
from settings_app.users.models import User

_FRAMED: Final = Compiled(lambda key: User.objects.with_frame().filter(pk=key, is_active=True))


class HouseBackend(AuthenticationBackend):
    """allauth's backend (identifier or e-mail). Rights come from the role alone, never from a user's own list."""

    def get_user(self, user_id: int) -> User | None:
        return _FRAMED.first(user_id)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> frozenset[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return frozenset()
        return user_obj.granted
