"""What the search reads: one document per client and the list of distinct words, both kept by triggers (ADR 14)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Reverse

from clients.models.clients import Client


class ClientSearch(models.Model):
    """`document` is every searched field, normalised, each between bars: `| fabre | helene | 0639981427 |`.

    A pattern with a space before it finds beginnings of words, with one on each side whole words, with bars whole
    fields. No constraint on `client`: the trigger of the client's deletion takes the row away.
    """

    client = models.OneToOneField(
        Client, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="search"
    )
    document = models.TextField()

    append_only = True

    class Meta:
        verbose_name = "document de recherche"
        default_permissions = ()
        indexes = [GinIndex(fields=["document"], opclasses=["gin_trgm_ops"], name="client_search_document")]

    def __str__(self) -> str:
        return self.document


class SearchWord(models.Model):
    """A word of four letters or more that some client's document holds, or held until last night."""

    word = models.TextField(primary_key=True)

    append_only = True

    class Meta:
        verbose_name = "mot de la recherche"
        default_permissions = ()
        # Words that end alike, for a mistake in the first letters; Django indexes the beginnings by itself.
        indexes = [models.Index(OpClass(Reverse("word"), name="text_pattern_ops"), name="search_word_reversed")]

    def __str__(self) -> str:
        return self.word
