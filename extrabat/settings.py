"""Every setting, read once from the environment by readers that fail loudly. No default secret."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from extrabat.lib import env

BASE_DIR = Path(__file__).resolve().parent.parent

# ---- What kind of running is this -------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
# Demo accounts exist and may sign in; set by `make run` and the tests, never in production.
DEMO = env.flag("DEMO", default=False)
HTTPS = env.flag("HTTPS", default=True)
SECRET_KEY = env.text("SECRET_KEY", hint="50 random characters, kept outside the code", secret=True)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", default=[], secret=True)
# They seal IBANs and passwords in the database (extrabat/lib/secrets.py): a lost key is a lost text.
FIELD_KEYS = env.words("FIELD_KEYS", hint="one or more id:key pairs, newest first", secret=True)
# They sign what the law keeps (commerce/seal_keys.py): one that is lost leaves events that nobody can verify.
SEAL_KEYS = env.words("SEAL_KEYS", hint="one or more id:key pairs, newest first", secret=True)
SITE_URL = env.text("SITE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", hint="the host names of the site, separated by commas")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[])

# ---- The house: imports go down only (pyproject.toml holds the contracts) ------------------------------
ROOMS = ["sav", "commerce", "planning", "messaging", "clients", "settings_app"]
INSTALLED_APPS = [
    "settings_app.users.admin_config.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "crispy_forms",
    "django_htmx",
    "django_linear_migrations",
    "template_partials",
    # After the others: our admin takes away some of what they registered.
    "extrabat",
    *ROOMS,
]
MIDDLEWARE = [
    "extrabat.lib.requests.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "settings_app.users.connections.ConnectionMiddleware",
    "settings_app.users.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "settings_app.users.middleware.SecondFactorMiddleware",
    "extrabat.errors.RefusalMiddleware",
    "settings_app.audit.middleware.AuditMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "extrabat.urls"
WSGI_APPLICATION = "extrabat.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "extrabat.lib.template_tags",
                "extrabat.lib.form_tags",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "extrabat.shell.shell",
            ],
        },
    },
]
FORM_RENDERER = "extrabat.lib.forms.renderer.HouseRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["house"]
CRISPY_TEMPLATE_PACK = "house"

# ---- Data: the program is `app`, who owns nothing; migrations are made by `owner` --------------------
DATABASES = {"default": env.postgres("DATABASE_URL")}
DATABASES["default"] |= {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600}
if env.text("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = env.postgres("DATABASE_OWNER_URL")
    DATABASES["owner"]["TEST"] = {"MIRROR": "default"}

REDIS_URL = env.text("REDIS_URL", hint="redis://host:6379/0 or unix:///path/to/socket")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "extrabat",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# ---- Work in the background: ticks and hints only, the truth is in Postgres ----------------------------
# kombu has its own words for a socket and for a numbered database.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A lost worker's task would come back only after interval × throttle = 100 s with the defaults.
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"

# ---- Who comes in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "settings_app.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "settings_app.users.backend.HouseBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "settings_app.users.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {"login": "settings_app.users.forms.SignInForm"}
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # django-axes counts failures, on every login path
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60  # how long somebody who has just said who he is may touch keys
MFA_ADAPTER = "settings_app.users.mfa_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "settings_app.users.security_forms.CodeForm",
    "authenticate_webauthn": "settings_app.users.security_forms.PasskeyForm",
    "login_webauthn": "settings_app.users.security_forms.PasskeySignInForm",
}
MFA_TOTP_TOLERANCE = 1  # one step of thirty seconds either way: phones drift, people type slowly
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # also the life of a first-sign-in link
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# A person who mistypes is locked alone; a machine that tries many names is locked by its address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "settings_app.users.views.locked"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
# A TLS proxy on the same network stands before us: what it says of scheme and address is believed.
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The public services that help with typing and draw maps; an empty value switches one off.
GEOCODER_URL = env.text("GEOCODER_URL", default="https://data.geopf.fr/geocodage")
COMPANIES_URL = env.text("COMPANIES_URL", default="https://recherche-entreprises.api.gouv.fr")
TILES_URL = env.text(
    "TILES_URL",
    default="https://data.geopf.fr/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&STYLE=normal&FORMAT=image/png"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
)
TILES_ATTRIBUTION = env.text("TILES_ATTRIBUTION", default="© IGN, Géoplateforme")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *(["/".join(TILES_URL.split("/")[:3])] if TILES_URL else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "extrabat.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# ---- Files ------------------------------------------------------------------------------------------------
DATA_DIR = Path(env.text("DATA_DIR", default=str(BASE_DIR / ".data")))
STATIC_URL = "/static/"
# How far the chain of the seal goes, noted outside the database; put it on another disk, or leave it empty.
SEAL_ANCHOR = env.text("SEAL_ANCHOR", default=str(DATA_DIR / "seal_anchor"))
STATIC_ROOT = Path(env.text("STATIC_ROOT", default=str(DATA_DIR / "static")))
# Pages name the hashed files only: the others would be compressed for nobody.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STATICFILES_DIRS = [("build", BASE_DIR / "static" / "build")]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# What people upload: never in a folder that is served, read only through the views that ask who may.
STORAGES["files"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": DATA_DIR / "files",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
# With a bucket they go to S3, or to what speaks like it; its keys come from boto3's own variables.
FILES_BUCKET = env.text("FILES_BUCKET", default="")
if FILES_BUCKET:
    STORAGES["files"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": FILES_BUCKET,
            "endpoint_url": env.text("FILES_ENDPOINT", default="") or None,
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
FILE_UPLOAD_HANDLERS = [
    "extrabat.lib.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

# ---- French -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# ---- Logs: one JSON line each, no personal data -----------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "extrabat.lib.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Its lines hold the path as typed and repeat what extrabat.request says with the route.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "axes": {"level": "ERROR"},
    },
}
