"""What import-linter cannot see: relations between models, addresses and includes in templates.

The functions take what they check, so that tests can plant a fault and see it found.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Model

# From the bottom up. Written by hand: it is the expectation, not a reading of the code.
LAYERS = ["settings_app", "clients", "messaging", "planning", "commerce", "sav", "extrabat"]
URL_TAG = re.compile(r"""{%\s*url\s+["']([a-z_]+):""")
TEMPLATE_TAG = re.compile(r"""{%\s*(?:include|extends)\s+["']([a-z_]+)/""")


def upward_relations(models: Iterable[type[Model]]) -> list[str]:
    """Relations of a room's model to a model of a higher room."""
    found = []
    for model in models:
        here = model._meta.app_label
        for field in model._meta.get_fields(include_hidden=True):
            target = field.related_model
            if field.auto_created or target is None or not field.is_relation or isinstance(target, str):
                continue
            there = target._meta.app_label
            if here in LAYERS and there in LAYERS and LAYERS.index(there) > LAYERS.index(here):
                found.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    return found


def upward_templates(folder: Path) -> list[str]:
    """`{% url %}`, `{% include %}` and `{% extends %}` of a room's templates that name a higher room."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        here = path.relative_to(folder).parts[0]
        if here not in LAYERS:
            continue
        for line, text in enumerate(path.read_text().splitlines(), start=1):
            for there in [*URL_TAG.findall(text), *TEMPLATE_TAG.findall(text)]:
                if there in LAYERS and LAYERS.index(there) > LAYERS.index(here):
                    found.append(f"{path.relative_to(folder)}:{line} -> {there}")
    return found
