"""Going back to where one came from, inside the house only."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, address: str | None, *, default: str = "/") -> str:
    """The path and query of `address` when it is one of ours, else `default`: never an open redirect."""
    if not address or not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return default
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
