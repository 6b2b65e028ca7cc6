"""Every address of the house. Fixed ones are listed in requirements §1; the rooms own the rest."""

from allauth.account.views import AccountInactiveView, LogoutView
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from clients.views.files import tagged
from extrabat import errors, health, home, search
from settings_app.users.views import SignInView, forgotten, to_the_door, welcome

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("", home.home, name="home"),
    path("recherche/", search.results, name="search"),
    path("sante/", health.health, name="health"),
    path("connexion/", SignInView.as_view(), name="account_login"),
    path("mot-de-passe-oublie/", forgotten, name="forgotten"),
    path("deconnexion/", LogoutView.as_view(), name="account_logout"),
    path("", include("settings_app.users.account_urls")),
    path("compte-desactive/", login_not_required(AccountInactiveView.as_view()), name="account_inactive"),
    path("bienvenue/<str:uid>/<str:token>/", welcome, name="welcome"),
    # One door with one lock: the admin's own sign-in page does not exist.
    path("admin/login/", to_the_door),
    path("admin/", admin.site.urls),
    path("clients/", include("clients.urls")),
    path("articles/", include("commerce.urls")),
    path("documents/", tagged, name="documents"),
    path("pieces/", include("commerce.document_urls")),
    path("reglements/", include("commerce.payment_urls")),
    path("parametres/questions/", include(("clients.questions_urls", "client_questions"))),
    path("parametres/conditions/", include(("commerce.legal_urls", "legal"))),
    path("parametres/tva/", include(("commerce.vat_urls", "vat"))),
    path("", include("settings_app.urls")),
]
