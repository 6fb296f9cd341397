"""Settings of the portal. Everything a host may change is an environment variable `DECOMPTE_…`.

Each variable is described in `docs/operations/settings.md`; a house test compares the two.
"""

import os
import secrets
from operator import attrgetter
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from decompte.portal.people import providers

BASE = Path(__file__).resolve().parent
VAR = Path(os.environ.get("DECOMPTE_VAR", "var")).resolve()


SHORTEST_SECRET = 32


def _secret(name: str) -> str:
    """Return a secret from the environment, or one made once and kept in a private file.

    Raises:
        ImproperlyConfigured: the one given is short enough to be guessed.
    """
    if value := os.environ.get(f"DECOMPTE_{name.upper()}"):
        if len(value) < SHORTEST_SECRET:
            raise ImproperlyConfigured(
                f"DECOMPTE_{name.upper()} needs at least {SHORTEST_SECRET} characters"
            )
        return value
    path = VAR / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = _secret("secret_key")
SEALING_KEY = _secret("sealing_key")
DAYS_BACK = int(os.environ.get("DECOMPTE_DAYS_BACK", "0"))
DEMONSTRATION = os.environ.get("DECOMPTE_DEMONSTRATION", "") == "1"
HTTPS = os.environ.get("DECOMPTE_HTTPS", "") == "1"
PROXIES = int(os.environ.get("DECOMPTE_PROXIES", "0"))
OIDC = providers.read(os.environ.get("DECOMPTE_OIDC", ""))
DEBUG = False
ALLOWED_HOSTS = os.environ.get("DECOMPTE_HOSTS", "127.0.0.1,localhost").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_tasks_db",
    "decompte.portal.audit",
    "decompte.portal.outbox",
    "decompte.portal.people",
    "decompte.portal.idempotency",
    "decompte.portal.background",
    "decompte.portal.registration",
    "decompte.portal.guide",
    "decompte.portal.requests",
    "decompte.portal.appointments",
    "decompte.portal.decisions",
    "decompte.portal.payments",
    "decompte.portal.agency",
    "decompte.portal.api",
    "ninja",
    "decompte.portal.mailroom",
    "decompte.portal.school",
    "decompte.portal.rights",
    "decompte.portal.watch",
    "decompte.portal.public",
]
MIDDLEWARE = [
    "decompte.portal.watch.middleware.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "decompte.portal.people.expiry.ExpiryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "decompte.portal.people.middleware.ScopeMiddleware",
    "decompte.portal.api.middleware.ApiMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "decompte.portal.people.context.who",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "decompte.portal.people.templatetags.words",
                "decompte.portal.idempotency.templatetags.once",
            ],
        },
    }
]
FORM_RENDERER = "decompte.portal.people.rendering.FieldRenderer"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",  # shared by all processes: tries are counted there
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
ROOT_URLCONF = "decompte.portal.urls"
WSGI_APPLICATION = "decompte.portal.wsgi.application"

DATABASE_URL = os.environ.get("DECOMPTE_DATABASE", "")
DATABASE_ROLE = os.environ.get("DECOMPTE_DATABASE_ROLE", "")
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR / "decompte.sqlite3",
    "CONN_MAX_AGE": 60,
    "TEST": {"NAME": VAR / "test.sqlite3"},
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        ),
    },
}
POSTGRESQL = {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "OPTIONS": {"assume_role": DATABASE_ROLE} if DATABASE_ROLE else {},
}
DATABASES = {
    "default": {**dj_database_url.parse(DATABASE_URL), **POSTGRESQL} if DATABASE_URL else SQLITE
}

PASSWORD_HASHERS = ["decompte.portal.people.passwords.Argon2id46"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["decompte.portal.people.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "member:dashboard"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none" if DEMONSTRATION else "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "decompte.portal.people.adapter.AccountAdapter"
ACCOUNT_USER_DISPLAY = attrgetter("email")
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",  # a campus is one address: what protects an account counts by account
    "login_failed": "300/m/ip,10/15m/key",
    "reset_password": "60/m/ip,3/m/key",
    "reset_password_from_key": "60/m/ip",
    "signup": "300/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
HASHES_AT_ONCE = 4
HASHING_PATIENCE_SECONDS = 5
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "decompte.portal.people.keys.KeyForm"}
MFA_TOTP_ISSUER = "Décompte"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMONSTRATION
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": OIDC,
        "OAUTH_PKCE_ENABLED": True,
        "provider_class": "decompte.portal.people.openid.Provider",
    }
}
SOCIALACCOUNT_ADAPTER = "decompte.portal.people.adapter.ProviderAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False

HOST_ONLY = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{HOST_ONLY}sessionid"
CSRF_COOKIE_NAME = f"{HOST_ONLY}csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 13 * 60 * 60  # longer than the longest of people/expiry.py, which ends them
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # who owns the whole domain decides on preloading
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *providers.origins(OIDC)],
        "frame-ancestors": ["'none'"],
    }
}

DEBTORS = {
    agency: {
        "name": os.environ.get(f"DECOMPTE_{agency.upper()}_NAME", name),
        "iban": os.environ.get(f"DECOMPTE_{agency.upper()}_IBAN", iban if DEMONSTRATION else ""),
        "bic": os.environ.get(f"DECOMPTE_{agency.upper()}_BIC", ""),
        "version": os.environ.get(f"DECOMPTE_{agency.upper()}_PAIN", "pain.001.001.09"),
        "creditor_id": os.environ.get(
            f"DECOMPTE_{agency.upper()}_ICS", "FR72ZZZ123456" if DEMONSTRATION else ""
        ),
    }
    for agency, name, iban in (
        ("lmde", "LMDE Assurance maladie", "FR7630004000030000312345635"),
        ("smerep", "SMEREP", "FR7630004000030000987654397"),
    )
}
CARD_PAYMENTS = os.environ.get("DECOMPTE_CARD_PAYMENTS", "local" if DEMONSTRATION else "")
REGISTER = Path(os.environ.get("DECOMPTE_REGISTER", VAR / "register" / "sent.jsonl"))
CHECKPOINTS = Path(os.environ.get("DECOMPTE_CHECKPOINTS", VAR / "register" / "audit.jsonl"))
FAILPOINT = os.environ.get("DECOMPTE_FAILPOINT", "") if DEMONSTRATION else ""

CLAMD = os.environ.get("DECOMPTE_CLAMD", "")
CLAMD_SECONDS = float(os.environ.get("DECOMPTE_CLAMD_SECONDS", "10"))
READER = os.environ.get("DECOMPTE_READER", "")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

CALLS_A_MINUTE_OPEN = int(os.environ.get("DECOMPTE_CALLS_OPEN", "120"))
CALLS_A_MINUTE_TOKEN = int(os.environ.get("DECOMPTE_CALLS_TOKEN", "1200"))
NINJA_PAGINATION_MAX_LIMIT = 100
NINJA_PAGINATION_PER_PAGE = 50
NINJA_PAGINATION_MAX_OFFSET = 100_000

LANGUAGE_CODE = "en"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = f"{HOST_ONLY}language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "decompte.portal.watch.static.CollectedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
if EMAIL_HOST := os.environ.get("DECOMPTE_SMTP_HOST", ""):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DECOMPTE_MAIL_FROM", "decompte@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"events": {"()": "decompte.portal.watch.logs.EventFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "events"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"decompte": {"level": os.environ.get("DECOMPTE_LOG_LEVEL", "WARNING")}},
}

METRICS_TOKEN = os.environ.get("DECOMPTE_METRICS_TOKEN", "")
METRICS_FOLDER = VAR / "metrics"
METRICS_FOLDER.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_FOLDER))
