"""All settings, read from the environment with the prefix HIEUHOC_ (docs/reference/settings.md lists them).

What an administrator may change while the house is running is a row with a form and a trail, not a setting.
"""

from pathlib import Path

import structlog
from csp.constants import NONE, SELF

from hieuhoc.project import environment

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", "var")).resolve()

DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.secret_key(DATA_DIR)
ALLOWED_HOSTS = environment.words("HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("ORIGINS")

# The demonstration: marked on every page, one-click sign-in, and a day of its own (it stands in 2020).
DEMONSTRATION = environment.flag("DEMONSTRATION")
TODAY = environment.day("TODAY")
# The function `send(phone, text)` by which messages leave for telephones; none: nothing is sent.
MESSAGE_GATEWAY = environment.text("MESSAGE_GATEWAY")
HARVEST_PRIVATE = environment.flag("HARVEST_PRIVATE")
PUBLIC_ADDRESS = environment.text("PUBLIC_ADDRESS", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "hieuhoc.foundation.ui",
    "hieuhoc.foundation.records",
    "hieuhoc.foundation.outbox",
    "hieuhoc.foundation.jobs",
    "hieuhoc.registers.places",
    "hieuhoc.registers.accounts",
    "hieuhoc.registers.people",
    "hieuhoc.registers.indicators",
    "hieuhoc.programme.plans",
    "hieuhoc.programme.learning",
    "hieuhoc.reports",
    "hieuhoc.api",
    "hieuhoc.project",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "hieuhoc.project.health.HealthMiddleware",
    "hieuhoc.project.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hieuhoc.api.base.ApiErrorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hieuhoc.project.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hieuhoc.foundation.ui.pages.ErrorPagesMiddleware",
]

# Who follows a reorganisation of units, in this order (registers/places/services/following.py says what that means).
FOLLOWERS = [
    "hieuhoc.registers.accounts.heirs.follower",
    "hieuhoc.registers.indicators.heirs.follower",
    "hieuhoc.programme.plans.heirs.follower",
    "hieuhoc.programme.learning.heirs.follower",
    "hieuhoc.reports.heirs.follower",
]

# Who counts what for the indicators, as modules (reports/collect.py says what that means).
COLLECTORS = [
    "hieuhoc.registers.places.facts",
    "hieuhoc.programme.plans.facts",
    "hieuhoc.programme.learning.facts",
]

# What each kind of job is done by (foundation/jobs/working.py says what that means).
JOBS = {
    "learning.harvest": "hieuhoc.programme.learning.intake.harvest.harvest_repository",
    "learning.lists": "hieuhoc.programme.learning.intake.lists.take_in_list",
    "reports.workbooks": "hieuhoc.reports.intake.archives.take_in_workbooks",
    "reports.forms": "hieuhoc.reports.intake.archives.hand_out_forms",
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

ROOT_URLCONF = "hieuhoc.project.urls"
WSGI_APPLICATION = "hieuhoc.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": environment.database(DATA_DIR)}
CACHES = {
    # On disk, so that every worker counts the same failed sign-ins.
    "default": {"BACKEND": "hieuhoc.project.cache.HouseCache", "LOCATION": DATA_DIR / "cache"},
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hieuhoc.project.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "hieuhoc.foundation.ui.templatetags.ui",
                "hieuhoc.foundation.ui.templatetags.charts",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if environment.flag("HASHED_STATIC")
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not environment.flag("HASHED_STATIC")
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by an invitation sent to the address itself
ACCOUNT_ADAPTER = "hieuhoc.registers.accounts.adapter.ClosedAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Hiếu Học: "
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Hiếu Học"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = environment.flag("HTTPS")
SECURE_HSTS_SECONDS = 31536000 if environment.flag("HTTPS") else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("BEHIND_PROXY") else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.flag("BEHIND_PROXY") else 0
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "hieuhoc.foundation.ui.pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

EMAIL_BACKEND = {
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
}.get(environment.text("EMAIL", "file"), "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(environment.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = environment.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_TLS")
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", "hieuhoc@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False)
            if environment.text("LOGS", "text") == "json"
            else structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING")},
    "loggers": {"hieuhoc": {"level": environment.text("LOG_LEVEL", "INFO")}},
}
