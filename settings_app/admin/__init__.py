"""Django's admin, for administrators: it asks for the same rights as the screens and writes through the same rules."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from settings_app.admin import people, trail  # noqa: F401  # they register themselves

admin.site.site_header = "Extrabat, administration"
admin.site.site_title = "Administration"
admin.site.index_title = "Données du programme"
# Roles have a screen of their own; e-mail addresses are the users' own column; second factors are nobody's to read.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)
