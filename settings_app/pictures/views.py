"""Serving pictures: to people of the house, each background to its owner alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from settings_app.pictures.models import Picture
from settings_app.users.access import signed_in


@require_GET
def show(request: HttpRequest, picture: int) -> HttpResponse:
    row = get_object_or_404(Picture.objects.visible_to(signed_in(request)), pk=picture)
    answer = HttpResponse(bytes(row.content), content_type=row.content_type)
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
