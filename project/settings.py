"""Django's settings, all read through project.env; every one has a working default."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from geo import pack
from project import gateways
from project.env import env

django_stubs_ext.monkeypatch()  # so that ModelAdmin[Case] may be written

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR: Path = (BASE_DIR / env("VAR_DIR")).resolve()
KEY_DIR: Path = env("KEY_DIR") if str(env("KEY_DIR")) != "." else VAR_DIR / "keys"
VAULT_DIR: Path = VAR_DIR / "vault"
PUBLIC_MEDIA_DIR: Path = VAR_DIR / "public"
PUBLIC_MEDIA_URL = "/m/"
HEADS_FILE = Path(env("HEADS_FILE") or VAR_DIR / "heads.jsonl")
for folder in (VAR_DIR, KEY_DIR, VAULT_DIR, PUBLIC_MEDIA_DIR):
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)


def kept_secret(name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """Return the secret in KEY_DIR/name, made at first use with mode 0600."""
    path = KEY_DIR / name
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make(), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def _p256_key() -> str:
    """Return a private key of P-256, in base64url: any number from 1 to below the curve's order."""
    scalar = secrets.randbelow(2**255) + 1
    return base64.urlsafe_b64encode(scalar.to_bytes(32)).rstrip(b"=").decode()


SECRET_KEY = env("SECRET_KEY") or kept_secret("secret_key")
DEBUG = env("DEBUG")
TESTING = False  # tests/settings.py alone says True

# Country and agency
COUNTRY_FILE = Path(env("COUNTRY"))
if COUNTRY_FILE.suffix != ".toml":
    COUNTRY_FILE = BASE_DIR / "project" / "countries" / f"{env('COUNTRY')}.toml"
if not COUNTRY_FILE.exists():
    raise ImproperlyConfigured(f"COUNTRY: no country pack at {COUNTRY_FILE}. See docs/settings.md#country")
COUNTRY: pack.CountryPack = pack.load(COUNTRY_FILE, own_files=env("PLACES_FILES"))
GEOCODER: str = env("GEOCODER")
GEOCODER_RESTRICTED: bool = env("GEOCODER_RESTRICTED")
AGENCY_TIME_ZONE: str = env("AGENCY_TIME_ZONE") or COUNTRY.time_zone
SITE_NAME: str = env("SITE_NAME")
ACCENT_COLOUR: str = env("ACCENT_COLOUR")
TIP_NUMBER: str = env("TIP_NUMBER") or COUNTRY.tip_number
EMERGENCY_NUMBER: str = env("EMERGENCY_NUMBER") or COUNTRY.emergency[0].number
SENDER_ID: str = env("SMS_SENDER") or COUNTRY.sender_ids.get("sms", "Najda")

# Addresses
PUBLIC_URL: str = env("PUBLIC_URL").rstrip("/")
HOOKS_URL: str = (env("HOOKS_URL") or PUBLIC_URL).rstrip("/")
SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = [
    urlsplit(PUBLIC_URL).hostname or "",
    urlsplit(HOOKS_URL).hostname or "",
    "127.0.0.1",
    "localhost",
]
ALLOWED_HOSTS += env("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "project",
    "tips",
    "alerts",
    "cases",
    "notifier",
    "trust",
    "project.apps.PoliceAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "csp",
    "phonenumber_field",
]
MIDDLEWARE = [
    "notifier.webhooks.HooksMiddleware",  # answers /hooks/ before sessions, languages and cookies exist
    "project.middleware.RequestIdMiddleware",
    "project.middleware.NoStoreMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "project.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "project.middleware.OfficerMiddleware",
    "trust.secondfactor.SecondFactorMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "project.context.deployment",
                "alerts.emergency_desk.context",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS += ["django.forms"]

# Database: SQLite keeps every commit (synchronous FULL) and starts writes at once (IMMEDIATE)
DATABASES: dict[str, dict[str, Any]]
if env("DATABASE_URL"):
    DATABASES = {"default": environ.Env.db_url_config(env("DATABASE_URL"))}
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "najda.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if env("REDIS_URL"):
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env("REDIS_URL")}
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        }
    }

# Celery carries wake-ups with ids only
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL: str = env("BROKER_URL") or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if CELERY_BROKER_URL == "filesystem://":
    for folder in (BROKER_DIR / "queue", BROKER_DIR / "control"):
        folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,  # the default second would delay a wake-up by up to 957 ms
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True

# Officers
AUTH_USER_MODEL = "trust.Officer"
AUTHENTICATION_BACKENDS = ["trust.auth.RolesBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SECOND_FACTOR_MAX_AGE_S: int = env("SECOND_FACTOR_MAX_AGE_S")
QUIET_HOURS: tuple[int, int] = env("QUIET_HOURS")
TIP_THREAD_DAYS: int = env("TIP_THREAD_DAYS")
TIP_SECOND_READER_AT: int = env("TIP_SECOND_READER_AT")
TIP_LOOK_LIVE_MIN: int = env("TIP_LOOK_LIVE_MIN")
TIP_LOOK_MIN: int = env("TIP_LOOK_MIN")
TIP_DECIDE_MIN: int = env("TIP_DECIDE_MIN")
TIP_HANDED_MIN: int = env("TIP_HANDED_MIN")
PROPOSAL_VALID_S: int = env("PROPOSAL_VALID_S")
ORDER_RULE: str = env("ORDER_RULE") or COUNTRY.authority.order
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/police/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/police/account/login/"
ACCOUNT_ADAPTER = "project.account.OfficerAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = SECOND_FACTOR_MAX_AGE_S
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "project.account.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
SESSION_COOKIE_AGE: int = env("SESSION_IDLE_S")  # project.middleware renews it while somebody works
SESSION_LONGEST_S: int = env("SESSION_LONGEST_S")
SHIFT_S = SESSION_LONGEST_S  # at the latest then the second factor is asked for again, idle or not
SESSIONS_AT_MOST: int = env("SESSIONS_AT_MOST")
GLASS_OPEN_S: int = env("GLASS_OPEN_S")
READING_CASES_AN_HOUR: dict[str, int] = env("READING_CASES_AN_HOUR")
READING_OTHER_UNITS: int = env("READING_OTHER_UNITS")
READING_NIGHT: tuple[int, int] = env("READING_NIGHT")
READING_CLOSED_DAYS: int = env("READING_CLOSED_DAYS")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # ends with the session
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Cookies and headers. `__Host-` demands https, so a plain laptop goes without.
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "project.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if env("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES: list[IPv4Network | IPv6Network] = env("TRUSTED_PROXIES")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: carries the QR picture of a second factor
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],  # blob: plays a voice note before it is sent
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "geolocation": ["self"],
    "camera": [],
    "microphone": [],  # cases.upload.may_record opens it on the pages that record
    "payment": [],
    "usb": [],
}

# Against floods: work before a public form, never a refusal
CROWDED_REPORTS: int = env("CROWDED_REPORTS")
SUBSCRIBE_COUNTRIES: list[str] = env("SUBSCRIBE_COUNTRIES")
SUBSCRIBE_NETWORK_AN_HOUR: int = env("SUBSCRIBE_NETWORK_AN_HOUR")
SUBSCRIBE_CODES_AN_HOUR: int = env("SUBSCRIBE_CODES_AN_HOUR")
WORK_ROUNDS: int = env("WORK_ROUNDS")
WORK_TRIES: int = env("WORK_TRIES")
WORK_HARDER: int = env("WORK_HARDER")
WORK_VALID_S: int = env("WORK_VALID_S")

# Uploads: a photo may weigh 20 MB; what is larger is told so by the form, not by a broken connection
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 40
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_TEMP_DIR = str(VAR_DIR / "uploads")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)

# Languages and time
LANGUAGES = [("ar", _("Arabic")), ("fr", _("French")), ("en", _("English"))]
LANGUAGES = [pair for code in env("OFFERED_LANGUAGES") for pair in LANGUAGES if pair[0] == code]
if not LANGUAGES:
    raise ImproperlyConfigured("OFFERED_LANGUAGES: none of ar, fr, en is named. See docs/settings.md")
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "project.formats"
TIME_ZONE = "UTC"
PHONENUMBER_DEFAULT_REGION = COUNTRY.phone_region

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Channels. SIMULATOR overrides OPTIONS whenever sending to the public is off.
PUBLIC_SENDING: bool = env("PUBLIC_SENDING")
STAFF_ADDRESSES: list[str] = env("STAFF_ADDRESSES")
SIMULATED_RATES: str = env("SIMULATED_RATES")
CAP_SIGNING_KEY: str = env("CAP_SIGNING_KEY")
CAP_CERTIFICATES: list[Path] = env("CAP_CERTIFICATES")


def hook_token(alias: str) -> str:
    """Return the unguessable part of an alias's webhook address."""
    return hmac.new(SECRET_KEY.encode(), f"hook:{alias}".encode(), hashlib.sha256).hexdigest()[:32]


GATEWAYS: list[str] = env("GATEWAYS")
CHANNELS_BY_HAND: list[str] = env("CHANNELS_BY_HAND")
META_PROGRAMME_CONTACT: str = env("META_PROGRAMME_CONTACT")
META_PROGRAMME_RADIUS_KM: int = env("META_PROGRAMME_RADIUS_KM")
SIMULATOR_PORTS = gateways.ports(GATEWAYS)
HOOK_TOKENS = {alias: hook_token(alias) for alias in GATEWAYS}
NOTIFIER: dict[str, dict[str, Any]] = gateways.entries(
    GATEWAYS,
    gateways.Around(
        site_name=SITE_NAME,
        public_url=PUBLIC_URL,
        sender=SENDER_ID,
        media_url=f"{PUBLIC_URL}{PUBLIC_MEDIA_URL}",
        hook_url=lambda alias: f"{HOOKS_URL}/hooks/{alias}/{HOOK_TOKENS[alias]}/",
        push_key=lambda: kept_secret("webpush_private_key", _p256_key),
        strict=SIMULATED_RATES == "contract",
    ),
)

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Najda",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_persons": {"()": "project.logs.NoPersons"}},
    "formatters": {"json": {"()": "project.logs.JsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_persons"]}},
    "root": {"handlers": ["out"], "level": env("LOG_LEVEL")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},  # warns that files have no host name
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "project.logs.NoLocals"
SILENCED_SYSTEM_CHECKS: list[str] = []
