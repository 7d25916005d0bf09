"""Every setting, from the environment; .env.example lists them, docs/operations.md explains them.

Without any environment this is the embedded default: SQLite, a broker of files, one small office.
"""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.logging import logging_config
from notifications.hooks.target import origins

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "PYTEST_VERSION" in os.environ
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
SITE = env.str("SITE", default="staff")  # staff | public: the citizens' pages alone
if SITE not in ("staff", "public"):
    raise ImproperlyConfigured(f"SITE={SITE} を読めません。staff か public を指定してください。")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def own_secret_key() -> str:
    """Return this installation's key, made once and readable by its owner alone."""
    path = VAR_DIR / "secret_key"
    if not path.exists():  # linked when it is whole: another process never reads half a key
        with tempfile.NamedTemporaryFile("w", dir=VAR_DIR) as made, suppress(FileExistsError):
            made.write(secrets.token_urlsafe(50))
            made.flush()
            os.link(made.name, path)
    return path.read_text()


def required(name: str) -> str:
    """Return a variable without which PRODUCTION=1 must not start."""
    if value := env.str(name, default=""):
        return value
    raise ImproperlyConfigured(
        f"PRODUCTION=1 で動かすには、環境変数 {name} を設定してください(例は .env.example)。"
    )


# Web

if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY")
    required("ALLOWED_HOSTS")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or own_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "config.urls_public" if SITE == "public" else "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "guardian",
    "config",
    "workflow",
    "revisions",
    "notifications",
]

SIGNED_IN = [  # absent from the public site, where no staff cookie means anything
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.middleware.NoStoreMiddleware",
]
MIDDLEWARE = [
    "config.health.HealthMiddleware",  # first: a probe knows no host name and no https
    "config.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    *([] if SITE == "public" else SIGNED_IN),
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.refusals.RefusalMiddleware",
    "config.audience.AudienceMiddleware",
]
FORM_RENDERER = "config.renderer.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                *(
                    []
                    if SITE == "public"
                    else [
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "config.context.around",
                    ]
                ),
            ]
        },
    }
]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# People

AUTH_USER_MODEL = "workflow.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian: no made-up user in the database
GUARDIAN_AUTO_PREFETCH = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:  # a suite signs hundreds of people in
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

SIGN_INS_PER_ADDRESS = env.int("SIGN_INS_PER_ADDRESS", default=100)  # that fail, in 15 minutes
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")  # shown on the sign-in page: a demo only
if PRODUCTION and DEMO_PASSWORD:
    raise ImproperlyConfigured("PRODUCTION=1 では DEMO_PASSWORD を設定できません。外してください。")
PERSONNEL_SECTION = env.str("PERSONNEL_SECTION", default="jinji")  # prepares transfers
SECRETARIAT_SECTION = env.str("SECRETARIAT_SECTION", default="joho")  # first revisions, calendar

# Database

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SQLITE_PRAGMAS = (  # FULL: a signature survives a power cut; recursive_triggers: REPLACE fires them
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    "PRAGMA recursive_triggers=ON;PRAGMA busy_timeout=20000;PRAGMA mmap_size=134217728;"
    "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000"
)
if "DATABASE_URL" in os.environ:
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    DATABASES = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "kaitei.sqlite3"}
    }
DATABASE = DATABASES["default"]
DATABASE["CONN_MAX_AGE"] = None
DATABASE["CONN_HEALTH_CHECKS"] = True
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": SQLITE_PRAGMAS,
    }
    # A file, since threads share no in-memory database; one per process, since suites run at once;
    # where it can be in memory, since a real disk waits at every commit.
    TEST_NAME = f"kaitei-test-{os.getpid()}.sqlite3"
    MEMORY = Path("/dev/shm")  # noqa: S108
    TEST_DIR = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    DATABASE["TEST"] = {"NAME": str(TEST_DIR / TEST_NAME)}
else:
    DATABASE.setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
    if env.bool("PG_PREPARE", default=True):  # 0 behind PgBouncer before 1.21
        DATABASE["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 3}

# Celery: a message is only a hint; every fact is in the database

BROKER_URL = env.str("BROKER_URL", default="memory://" if TESTING else "filesystem://")
BROKER_DIR = VAR_DIR / "broker"
BROKER_TIMEOUT = 0.5  # seconds; a hung broker must not hold a request
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_TIMEOUT = BROKER_TIMEOUT
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker must outlast any outage
CELERY_BROKER_HEARTBEAT = 10  # seconds; RabbitMQ gone without a word is missed in twice as many
CELERY_TASK_PUBLISH_RETRY = False
FILESYSTEM_OPTIONS: dict[str, object] = {
    "data_folder_in": str(BROKER_DIR),
    "data_folder_out": str(BROKER_DIR),
    "control_folder": str(BROKER_DIR / "control"),
    "polling_interval": 0.1,
}
REDIS_OPTIONS: dict[str, object] = {
    "visibility_timeout": 900,  # seconds; longer than any task
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "max_retries": 0,  # of opening a channel; the worker has its own patience
    "socket_connect_timeout": BROKER_TIMEOUT,
    "socket_timeout": BROKER_TIMEOUT,
    "socket_keepalive": True,
    "health_check_interval": 5,  # seconds; gone without a word, it is missed in some ten
}
AMQP_OPTIONS: dict[str, object] = {
    "confirm_publish": True,  # else what a broken line swallowed counts as sent
    "read_timeout": 5,
    "write_timeout": 5,
}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
if BROKER_URL.startswith("filesystem:"):
    BROKER_DIR.mkdir(mode=0o700, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = FILESYSTEM_OPTIONS
elif BROKER_URL.startswith(("redis:", "rediss:")):
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_OPTIONS
elif BROKER_URL.startswith(("amqp:", "amqps:")):
    CELERY_BROKER_TRANSPORT_OPTIONS = AMQP_OPTIONS
CELERY_TASK_DEFAULT_QUEUE = env.str("BROKER_QUEUE", default="celery")  # a RabbitMQ is shared
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Tokyo"
CELERY_IMPORTS = [
    "notifications.tasks",
    "notifications.hooks.tasks",
    "workflow.deadline.tasks",
    "workflow.people.tasks",
    "workflow.transfer.tasks",
    "revisions.cycle.tasks",
    "revisions.inquiry.tasks",
    "revisions.inquiry.workbook.tasks",
    "revisions.public_comment.tasks",
]
OUTBOX_DRAIN_TASK = "notifications.tasks.drain"
OUTBOX_WAKE = not TESTING
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "notifications.drain": {
        "task": OUTBOX_DRAIN_TASK,
        "schedule": 5.0,
        "options": {"expires": 5},  # a stopped worker finds one tick waiting, not thousands
    },
    "hooks.send": {
        "task": "notifications.hooks.tasks.send",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "deadline.sweep": {
        "task": "workflow.deadline.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "transfer.apply_due": {  # before people.refresh
        "task": "workflow.transfer.tasks.apply_due",
        "schedule": crontab(hour="0", minute="3"),
    },
    "people.refresh": {
        "task": "workflow.people.tasks.refresh",
        "schedule": crontab(hour="0", minute="5"),
    },
    "revision.reckon": {
        "task": "revisions.cycle.tasks.reckon",
        "schedule": crontab(hour="0", minute="15"),
    },
    "inquiry.forget_uploads": {
        "task": "revisions.inquiry.workbook.tasks.forget_uploads",
        "schedule": crontab(hour="0", minute="30"),
    },
    "inquiry.forget_presence": {
        "task": "revisions.inquiry.tasks.forget",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "public_comment.turn": {
        "task": "revisions.public_comment.tasks.turn",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
}

# Mail

if "EMAIL_URL" in os.environ:
    MAIL_SERVER = env.email_url("EMAIL_URL")
    if MAIL_SERVER["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        MAIL_SERVER["EMAIL_BACKEND"] = "notifications.channels.smtp.EmailBackend"
    vars().update(MAIL_SERVER)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="kaitei@localhost")
MAIL_CHARSET = env.str("MAIL_CHARSET", default="utf-8")
if MAIL_CHARSET not in ("utf-8", "iso-2022-jp"):
    raise ImproperlyConfigured(
        f"MAIL_CHARSET={MAIL_CHARSET} を読めません。utf-8 か iso-2022-jp を指定してください。"
    )
DIGEST_HOUR = env.int("DIGEST_HOUR", default=9)  # of an open day, unless the reader chose another
if DIGEST_HOUR not in range(8, 18):
    raise ImproperlyConfigured("DIGEST_HOUR は 8 から 17 までの時で指定してください。")
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip(
    "/"
)

# Webhooks: only to these, `host`, `host:port` (both https) or `http://host:port`; none: no webhooks

WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])
try:
    origins(WEBHOOK_HOSTS)
except ValueError:
    raise ImproperlyConfigured(
        f"WEBHOOK_HOSTS={','.join(WEBHOOK_HOSTS)} を読めません。"
        "ホスト名をコンマで区切って書いてください。"
    ) from None

# Public comment

COMMENT_MINIMUM_DAYS = env.int("COMMENT_MINIMUM_DAYS", default=30)  # the first day counts
COMMENT_MINIMUM_SOURCE = env.str(
    "COMMENT_MINIMUM_SOURCE", default="行政手続法第39条第3項の例による"
)
OPINIONS_PER_HOUR = env.int("OPINIONS_PER_HOUR", default=10)  # from one network address
CITY_NAME = env.str("CITY_NAME", default="見本市")
PUBLIC_DB_ROLE = env.str("PUBLIC_DB_ROLE", default="kaitei_public")  # gets its rights by migrate
PUBLIC_CONTACT = env.str("PUBLIC_CONTACT", default="情報システム課")  # shown to citizens

# Workbooks and other tables sent in: weighed before they are opened (workflow/workbooks.py)

WORKBOOK_MAX_BYTES = 10 * 2**20
WORKBOOK_MAX_UNPACKED = 64 * 2**20
WORKBOOK_MAX_PARTS = 1_000
WORKBOOK_MAX_CELL_ELEMENTS = 400_000  # of XML, two to four a cell
WORKBOOK_MAX_OTHER_ELEMENTS = 50_000  # each becomes an object of 1 KB: styles, names, merged cells
WORKBOOK_MAX_ROWS = 20_000  # of a sheet
WORKBOOK_MAX_COLUMNS = 256

# Language, time, files

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("日本語")), ("en", _("英語"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LOGGING = logging_config(json=PRODUCTION, level=env.str("LOG_LEVEL", default="INFO"))
