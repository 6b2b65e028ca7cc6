"""The doors that a person has to himself. allauth looks some of them up by these names."""

from django.urls import path

from settings_app.users import security
from settings_app.users.second_step import PasskeySignInView, SecondStepView

urlpatterns = [
    path("connexion/verification/", SecondStepView.as_view(), name="mfa_authenticate"),
    path("connexion/cle/", PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("compte/securite/", security.home, name="mfa_index"),
    path("compte/confirmer/", security.say_again, name="account_reauthenticate"),
    path("compte/mot-de-passe/", security.change_password, name="account_change_password"),
    path("compte/securite/application/", security.add_totp, name="mfa_activate_totp"),
    path("compte/securite/application/retirer/", security.remove_totp, name="mfa_deactivate_totp"),
    path("compte/securite/cles/ajouter/", security.add_passkey, name="mfa_add_webauthn"),
    path("compte/securite/cles/<int:key>/", security.rename_passkey, name="mfa_edit_webauthn"),
    path("compte/securite/cles/<int:key>/retirer/", security.remove_passkey, name="mfa_remove_webauthn"),
    path("compte/securite/codes/", security.show_codes, name="mfa_view_recovery_codes"),
    path("compte/securite/codes/renouveler/", security.new_codes, name="mfa_generate_recovery_codes"),
]
