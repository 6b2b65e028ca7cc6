"""Addresses of payments, under /reglements/."""

from django.urls import path

from commerce.views import payments

app_name = "payments"
urlpatterns = [
    path("", payments.journal, name="journal"),
    path("clients/<int:pk>/", payments.account, name="account"),
    path("clients/<int:pk>/nouveau/", payments.new, name="new"),
    path("clients/<int:pk>/lettrer/<str:source>/<int:key>/", payments.letter, name="letter"),
    path("lettrages/<int:allocation>/delettrer/", payments.unletter, name="unletter"),
    path("<int:payment>/contrepasser/", payments.reverse, name="reverse"),
]
