"""Signing in, and choosing one's first password."""

from typing import Any

from allauth.account.forms import LoginForm
from django.contrib.auth.forms import SetPasswordForm

from extrabat.lib.forms.base import Dressed
from extrabat.lib.forms.layout import Cell, Section
from settings_app.users.models import User


class SignInForm(LoginForm):
    """One message whatever was wrong, so that nobody learns which accounts exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Identifiant ou e-mail"
        self.fields["password"].label = "Mot de passe"
        self.fields["remember"].label = "Rester connecté sur cet appareil"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class FirstPasswordForm(Dressed, SetPasswordForm):  # type: ignore[type-arg]  # not generic at run time
    """The page behind a one-time link."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, label_suffix="", **kwargs)
        self.fields["new_password1"].label = "Nouveau mot de passe"
        self.fields["new_password2"].label = "Le même, une seconde fois"
        self.fields["new_password1"].help_text = ""
        self.lay_out(Section("Mot de passe", Cell("new_password1", "c12"), Cell("new_password2", "c12")))
