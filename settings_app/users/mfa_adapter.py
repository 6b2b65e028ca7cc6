"""How allauth's second factors behave here: sealed secrets, the house's name, French words."""

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from extrabat.lib.secrets import seal, unseal


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Refusé. Recommencez, ou prenez un autre moyen.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Extrabat"

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # A passkey belongs to this name for ever: the configured one, not whatever the request says.
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": "Extrabat"}
