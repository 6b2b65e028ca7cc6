"""Forms of the second factors: a code, a passkey, saying again who one is, changing one's password."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth import password_validation

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section
from settings_app.users.factors import is_totp_code, matching_factor
from settings_app.users.models import User

WRONG_CODE = "Ce code est refusé. Vérifiez l’heure de votre téléphone, puis tapez le code suivant."
WRONG_KEY = "Cette clé d’accès est refusée. Recommencez, ou prenez un autre moyen."
# What a made-up answer of a passkey makes the parsers of allauth and fido2 stumble over.
NONSENSE = (TypeError, ValueError, KeyError, AttributeError, IndexError)


def code_field(label: str) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "data-no-keep": True}
    )
    return forms.CharField(label=label, max_length=20, widget=widget)


def password_field(label: str, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget)


class CodeForm(HouseForm):
    """The second step of signing in: a code of the application, or a recovery code."""

    code = code_field("Code de l’application, ou code de secours")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["code"].widget.attrs["autofocus"] = True
        self.lay_out(Section("Code", Cell("code", "c12")))

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        self.factor = matching_factor(self.user, code)
        if self.factor is None:
            raise forms.ValidationError(WRONG_CODE)
        return code

    def save(self) -> None:
        post_authentication(context.request, self.factor)


class SoundCredential:
    """A nonsensical answer is a refused one, whatever it stumbles over."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # beside allauth's form
        except NONSENSE as error:
            raise forms.ValidationError(WRONG_KEY) from error
        except forms.ValidationError as error:
            raise forms.ValidationError(WRONG_KEY) from error


class PasskeyForm(SoundCredential, AuthenticateWebAuthnForm):
    """The second step of signing in, by a passkey."""


class PasskeySignInForm(SoundCredential, LoginWebAuthnForm):
    """Signing in by a passkey alone: it asked for a finger, a face or a PIN, so it is two factors by itself."""


class TotpForm(HouseForm):
    """The first code of an application that has just read the secret."""

    code = code_field("Code à six chiffres affiché par l’application")

    def __init__(self, *args: Any, user: User, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.secret = secret
        self.lay_out(Section("Code", Cell("code", "c6")))

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not is_totp_code(self.user, self.secret, code):
            raise forms.ValidationError(WRONG_CODE)
        return code


class NameForm(HouseForm):
    name = forms.CharField(label="Nom de la clé", max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out(Section("Nom", Cell("name", "c12")))


class CredentialField(forms.JSONField):
    """The browser's answer. Empty until there is one: "null" would look like one."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class NewPasskeyForm(NameForm):
    """What the browser answered when it made a passkey."""

    credential = CredentialField()

    def clean_credential(self) -> dict[str, Any]:
        credential = self.cleaned_data["credential"]
        try:
            webauthn.parse_registration_response(credential)
            verified = webauthn.complete_registration(credential).is_user_verified()
        except (*NONSENSE, forms.ValidationError) as error:
            raise forms.ValidationError(WRONG_KEY) from error
        if not verified:
            raise forms.ValidationError("Cette clé ne demande ni doigt, ni visage, ni code PIN. Prenez-en une autre.")
        return dict(credential)


class ConfirmForm(forms.Form):
    """Who one is, said again: by password, by code or by passkey, whichever came. Its names clash with no form's."""

    confirm_password = password_field("Mot de passe", "current-password")
    confirm_code = code_field("Ou un code de l’application, ou de secours")
    confirm_credential = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.factor: Any = None
        for field in self.fields.values():
            field.required = False
            field.widget.attrs.setdefault("class", "form-control")

    @property
    def uses_code(self) -> bool:
        return bool(self.data.get("confirm_code"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("confirm_credential"):
            self._by_passkey(found["confirm_credential"])
        elif found.get("confirm_code"):
            self.factor = matching_factor(self.user, found["confirm_code"])
            if self.factor is None:
                self.add_error("confirm_code", WRONG_CODE)
        elif not found.get("confirm_password"):
            self.add_error("confirm_password", "À remplir.")
        elif not account_adapter(context.request).reauthenticate(self.user, found["confirm_password"]):
            self.add_error("confirm_password", "Ce n’est pas votre mot de passe.")
        return found

    def _by_passkey(self, credential: Any) -> None:
        try:
            webauthn.parse_authentication_response(credential)
            self.factor = webauthn.complete_authentication(self.user, credential)
        except (*NONSENSE, forms.ValidationError):
            self.add_error(None, WRONG_KEY)


class PasswordForm(HouseForm):
    """« Mon mot de passe »: the present one, and the new one twice."""

    present = password_field("Mot de passe actuel", "current-password")
    chosen = password_field("Nouveau mot de passe", "new-password")
    again = password_field("Le même, une seconde fois", "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["chosen"].help_text = "Douze caractères au moins. Une phrase se retient mieux qu’un mot compliqué."
        self.lay_out(Section("Mot de passe", *(Cell(name, "c12") for name in self.fields)))

    def clean_present(self) -> str:
        present = str(self.cleaned_data["present"])
        if not account_adapter(context.request).reauthenticate(self.user, present):
            raise forms.ValidationError("Ce n’est pas votre mot de passe actuel.")
        return present

    def clean_chosen(self) -> str:
        chosen = str(self.cleaned_data["chosen"])
        password_validation.validate_password(chosen, self.user)
        if chosen == self.cleaned_data.get("present"):
            raise forms.ValidationError("C’est votre mot de passe actuel. Choisissez-en un autre.")
        return chosen

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if "chosen" in self.cleaned_data and again != self.cleaned_data["chosen"]:
            raise forms.ValidationError("Les deux nouveaux mots de passe diffèrent.")
        return again
