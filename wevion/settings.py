"""All settings, from the environment. `.env.example` lists every variable."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from wevion import embedded, env, s3

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(env.text("VAR_DIR") or ROOT / "var")

DEBUG = env.flag("DEBUG", False)
DEVELOPMENT = env.flag("DEVELOPMENT", False)  # plain HTTP on this machine: cookies without `Secure`, no HSTS
SECRET_KEY = env.secret("SECRET_KEY", VAR / "secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # keys of before: what they signed stays good
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:" + env.text("PORT", "8000")).rstrip(
    "/"
)  # the address in links that leave the site

ROOT_URLCONF = "wevion.urls"
WSGI_APPLICATION = "wevion.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "hub"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "wevion.accounts.views.csrf_failure"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "wevion.accounts",
    "jobs",
    "creative_hub",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "lucide",
]

MIDDLEWARE = [
    "wevion.logs.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wevion.compression.compress_pages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wevion.bodies.limit_bodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wevion.accounts.login.login_redirects",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wevion.accounts.context.member",
            ],
            "builtins": ["wevion.icons", "wevion.addresses"],
        },
    }
]

# ---------------------------------------------------------------------------------------------------- PostgreSQL, Redis

DATABASE_URL = env.text("DATABASE_URL") or embedded.database_url(VAR)
REDIS_URL = env.text("REDIS_URL") or embedded.redis_url(VAR)


def database(url: str) -> dict[str, Any]:
    """The Django form of a `postgresql://user:password@host:port/name?option=value` URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": options.pop("port", "") or parts.port or "",
        "OPTIONS": {
            # Statements are planned once a connection: half of PostgreSQL's time for a job was planning (measured). A pooler that
            # hands one connection to several clients must know prepared statements (PgBouncer from 1.21 on).
            "server_side_binding": True,
            "prepare_threshold": 2,
            **options,
            # A row lock or statement that outlives these is a fault: it must fail, and be retried, rather than hold a worker.
            "options": "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s",
            "connect_timeout": 5,
            # A peer that vanished without a word is noticed in half a minute, and not in the kernel's two hours.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        },
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(DATABASE_URL)}
if env.flag("DATABASE_POOL"):  # web processes only: Celery closes a pool at every task boundary
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": env.integer("WEB_THREADS", 4), "timeout": 3}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 300


def broker(url: str) -> str:
    """Celery's spelling of a Redis URL: a socket is `redis+socket://` there, and `unix://` for redis-py."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={number}"


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "hub",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# --------------------------------------------------------------------------------------------------------------- Celery
# The row is the truth and a message a hint: early ack, no results, no countdown; publishing is bounded in time.

CELERY_BROKER_URL = broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "io"
# One message in reserve for each slot. With worker_disable_prefetch a busy worker fetches nothing until its loop's next tick, a
# second later: 15 short tasks a second instead of 75 (measured). What waits behind a long one is rung for again by the poller.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25.0
# Of processes only, and past every deadline: behind wevion.silence, which ends a child that hangs and says nothing.
CELERY_TASK_TIME_LIMIT = 3900
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # only touches late acks, of which there are none
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "ack_emulation": False,  # what a killed worker had taken from the queue is lost, and its rows are found: no second book of it
    "global_keyprefix": "hub:",
}

# ------------------------------------------------------------------------------------------------------------- the engine

JOBS_STUDIO = "creative_hub.studio"  # what the engine asks of the hub; see jobs.studio.Studio
TEAM_SLOTS = env.integer("TEAM_SLOTS", 4)  # jobs' items of one team that run at the same time

# ------------------------------------------------------------------------------------------------------------ the vendors

HTTP_ALLOW_PRIVATE = frozenset(env.words("HTTP_ALLOW_PRIVATE"))
VENDORS = {
    "bfl": (env.text("BFL_BASE_URL", "https://api.bfl.ai"), env.text("BFL_API_KEY")),
    "luma": (env.text("LUMA_BASE_URL", "https://agents.lumalabs.ai/v1"), env.text("LUMA_API_KEY")),
    "heygen": (env.text("HEYGEN_BASE_URL", "https://api.heygen.com"), env.text("HEYGEN_API_KEY")),
    "elevenlabs": (env.text("ELEVENLABS_BASE_URL", "https://api.elevenlabs.io"), env.text("ELEVENLABS_API_KEY")),
    "openai": (env.text("OPENAI_BASE_URL", "https://api.openai.com/v1"), env.text("OPENAI_API_KEY")),
    "runway": (env.text("RUNWAY_BASE_URL", "https://api.dev.runwayml.com"), env.text("RUNWAY_API_KEY")),
    "creatomate": (env.text("CREATOMATE_BASE_URL", "https://api.creatomate.com"), env.text("CREATOMATE_API_KEY")),
}
METRICS_TOKEN = env.text("METRICS_TOKEN")  # what Prometheus sends to read /metrics; without it there is no such page
# Who writes the scripts of ads: a callable as creative_hub.scripting.Writer, by its dotted name.
AD_SCRIPT_WRITER = env.text("AD_SCRIPT_WRITER", "creative_hub.scripting.from_templates")
VENDOR_MODELS = {  # OpenAI retires models within months: the operator may name the next one
    "gpt_image_1_5": env.text("OPENAI_IMAGE_MODEL", "gpt-image-1.5"),
    "gpt_image_1_5_story": env.text("OPENAI_IMAGE_MODEL", "gpt-image-1.5"),
    "openai_tts": env.text("OPENAI_TTS_MODEL", "gpt-4o-mini-tts"),
}
RESULT_HOSTS = tuple(env.words("RESULT_HOSTS"))  # more domains that vendors' finished files may come from
LOCAL_RENDERERS_FREE = env.flag("LOCAL_RENDERERS_FREE")  # price of the local preview renderers: their list price, or 0

# ------------------------------------------------------------------------------------------------------------------ files

STATIC_ROOT = env.text("STATIC_ROOT") or (None if DEVELOPMENT else str(VAR / "static"))  # None: straight from static/
S3 = s3.from_environment()
FILES_ORIGIN = [S3.origin] if S3 else []  # where browsers get files from, beside this site
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.text("MEDIA_ROOT") or str(VAR / "media"), "file_permissions_mode": 0o640},
    },
    **(s3.storages(S3) if S3 else {}),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
UPLOAD_MAX_BYTES = 500_000_000  # of one file
BODY_LIMITS = {  # of the views that take files; all others take DATA_UPLOAD_MAX_MEMORY_SIZE
    "upload-part": UPLOAD_MAX_BYTES,
    "upload-form": 2 * UPLOAD_MAX_BYTES + 100_000,  # with room for the form around the files
    "clips-upload": UPLOAD_MAX_BYTES + 100_000,
    "admin:jobs_unknownoutcome_change": UPLOAD_MAX_BYTES + 100_000,
}
RESULT_LINK_SECONDS = 3600
DRIVE_SERVICE_ACCOUNT = env.text("DRIVE_SERVICE_ACCOUNT")  # its JSON key, or a path to it; empty: no mirror in Google Drive
DRIVE_URL = env.text("DRIVE_URL", "https://www.googleapis.com")
UPLOADS_ROOT = env.text("UPLOADS_ROOT") or str(Path(env.text("MEDIA_ROOT") or VAR / "media") / ".uploads")

# ------------------------------------------------------------------------------------------------------------------- mail

EMAIL_HOST = env.text("EMAIL_HOST")  # empty: no mail leaves; in development it is written to the console
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 10  # seconds, for each answer of the server
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console' if DEVELOPMENT else 'dummy'}.EmailBackend"
SENDS_MAIL = bool(EMAIL_HOST) or DEVELOPMENT
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Creative Hub <creative-hub@localhost>")

# --------------------------------------------------------------------------------------------------------------- security

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_NAME = "sessionid" if DEVELOPMENT else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEVELOPMENT else "__Host-csrftoken"
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
BEHIND_PROXY = env.flag("BEHIND_PROXY")  # its X-Forwarded-Proto and -For are believed
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *FILES_ORIGIN],  # data: for the icons inside the vendored stylesheet
        "media-src": ["'self'", *FILES_ORIGIN],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# -------------------------------------------------------------------------------------------------------------------- API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["wevion.accounts.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["wevion.drf.permissions.KeyMay"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["wevion.drf.parsing.BoundedJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["wevion.drf.throttling.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": env.text("API_RATE", "100/min")},
    "EXCEPTION_HANDLER": "wevion.drf.errors.handle",
    "DEFAULT_SCHEMA_CLASS": "wevion.drf.openapi.Described",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # `format` is no parameter of ours
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wevion Creative Hub",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [],
}

# -------------------------------------------------------------------------------------------------------- time, language, logs

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
        "text": {"format": "%(asctime)s %(levelname)-7s %(name)s  %(message)s"},
    },
    "filters": {"request": {"()": "wevion.logs.RequestIdFilter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "text" if DEVELOPMENT else "json",
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django": {"level": "INFO"}, "celery.redirected": {"level": "WARNING"}},
}

os.environ.setdefault("TZ", "UTC")
