"""Addresses of the catalogue, under /articles/."""

from django.urls import path

from commerce.views import articles, catalogue, parts

app_name = "commerce"
urlpatterns = [
    path("", catalogue.list_, name="articles"),
    path("nombre/", catalogue.count, name="article_count"),
    path("export/", catalogue.export, name="article_export"),
    path("propositions/", catalogue.suggest, name="article_suggest"),
    path("nouveau/", articles.create, name="article_create"),
    path("<int:article>/", articles.home, name="article"),
    path("<int:article>/modifier/", articles.edit, name="article_edit"),
    path("<int:article>/activer/", articles.switch, name="article_switch"),
    path("<int:article>/supprimer/", articles.delete, name="article_delete"),
    path("<int:article>/tarifs/", articles.prices, name="article_prices"),
    path("<int:article>/composants/", parts.add, name="part_add"),
    path("<int:article>/composants/ordre/", parts.order, name="part_order"),
    path("<int:article>/composants/<int:part>/", parts.change, name="part"),
    path("<int:article>/composants/<int:part>/retirer/", parts.remove, name="part_remove"),
]
