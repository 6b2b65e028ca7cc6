"""Addresses of the terms of sale and of legal mentions, under /parametres/conditions/."""

from django.urls import path

from commerce.views import legal

urlpatterns = [
    path("", legal.terms, name="terms"),
    path("mentions/<str:code>/<str:language>/", legal.mention, name="mention"),
    path("textes/<int:text>/retirer/", legal.withdraw, name="withdraw"),
]
