"""What the web server loads. Refuses to start in production while a demo account exists."""

import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "extrabat.settings")
application = get_wsgi_application()

from extrabat import celery  # noqa: E402, F401  # the app that `wake` sends through
from settings_app.users.models import User  # noqa: E402

if not settings.DEMO and User.objects.filter(is_demo=True).exists():
    sys.exit(
        "Refusing to start: the database holds demo accounts, whose password everybody knows. "
        "Give DATABASE_URL a database of your own, or delete them."
    )
