"""What the web server loads. Refuses to start in production while a demo account exists."""

import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "extrabat.settings")
# Where a proxy lives; an address of the internet that a request claims to have been passed on by is not believed.
NEAR = ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]

application = get_wsgi_application()
if settings.BEHIND_PROXY:
    # Or every wrong password would come from one address, the proxy's.
    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=NEAR)

from extrabat import celery  # noqa: E402, F401  # the app that `wake` sends through
from settings_app.users.models import User  # noqa: E402

if not settings.DEMO and User.objects.filter(is_demo=True).exists():
    sys.exit(
        "Refusing to start: the database holds demo accounts, whose password everybody knows. "
        "Give DATABASE_URL a database of your own, or delete them."
    )
