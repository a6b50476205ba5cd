"""All settings; what differs from place to place is read from the environment (see the table in README)."""

from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor  # type: ignore[import-untyped]

from catalogue import environment
from catalogue.rights import PUBLISHER_TYPES

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.data_dir(BASE_DIR / "var")
SECRET_KEY = environment.secret_key(DATA_DIR)
DEBUG = False

# Hosts, https, secure cookies and canonical links all follow from the one public address.
_public = environment.public_url("http://127.0.0.1:8000")
_host = f"[{_public.hostname}]" if ":" in str(_public.hostname) else _public.hostname
PUBLIC_URL = f"{_public.scheme}://{_public.netloc}"
ALLOWED_HOSTS = [_host, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
_https = _public.scheme == "https"
if _https:
    # The proxy that ends TLS must set this header itself on every request. Where TRUSTED_PROXIES names it, that of
    # others is dropped before Django sees it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
# `__Host-` cookies cannot be set by a neighbouring host, but browsers accept them over https alone.
SESSION_COOKIE_NAME = "__Host-sessionid" if _https else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _https else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "catalogue.admin.not_saved.out_of_date"
# A working day, or less where the browser is closed; links to choose a password are good for three days.
SESSION_COOKIE_AGE = 11 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 72 * 3600
# Whose X-Forwarded-For and X-Forwarded-Proto are believed.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
SECOND_FACTOR = environment.choice("SECOND_FACTOR", "offered", "required")
OTP_TOTP_ISSUER = "Catalogo innovazione sociale"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
INSTALLED_APPS = [
    "catalogue.apps.CatalogueConfig",
    "initiatives",
    "taxonomy",
    "catalogue.apps.Editors",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "catalogue.apps.StaticFiles",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "reversion",
    "catalogue.submissions",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "catalogue.access",
]

MIDDLEWARE = [
    "catalogue.headers.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "catalogue.headers.read_only",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "catalogue.arriving.as_meant",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "catalogue.headers.PathLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "catalogue.headers.refusing_in_readers_language",
]

ROOT_URLCONF = "catalogue.urls"
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "catalogue.templating.engine.Engine",
        "OPTIONS": {"environment": "catalogue.templating.engine.environment", "extensions": ["jinja2.ext.i18n"]},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",  # admin's
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR / "catalogue.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Whom readers write to, and the official declaration of accessibility; the pages say so where there is none yet.
CONTACT_EMAIL = environment.email("CONTACT_EMAIL")
ACCESSIBILITY_DECLARATION_URL = environment.web_address("ACCESSIBILITY_DECLARATION_URL")

# Everybody reads the API and nobody signs in: no authentication, no sessions, JSON alone.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "catalogue.api.negotiation.JSONAlone",
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "catalogue.api.framework.as_problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Catalogo dell’innovazione sociale",
    "DESCRIPTION": "Social-innovation initiatives of the Italian regions (POR FSE 2014-2020), each with the passages "
    "of the document it comes from and the basis of its classification. Read only; responses carry an ETag and "
    "`Cache-Control: max-age=0, stale-if-error=3600`. Errors are application/problem+json (RFC 9457), in Italian or, "
    "as Accept-Language says, in English, and no cache keeps them. Labels are Italian; English names and texts stand "
    "beside them. What the site's own links carry (`pick`, `rows`, `columns`, `view`, `order`) is taken where it has "
    "no effect; every other parameter that is not described is refused.",
    "VERSION": "1.1.0",
    "TAGS": [
        {"name": "entries", "description": "Initiatives and measures: found, one by one, and counted."},
        {"name": "classifications", "description": "The values that entries stand under."},
        {"name": "document", "description": "The words that everything comes from."},
        {"name": "changes", "description": "What readers could see change."},
        {"name": "service", "description": "The API itself."},
    ],
    # Servers are named with it.
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": True,
    "POSTPROCESSING_HOOKS": [],
}
# Who answers for the site and its data, and on what terms; where it is not known, pages and linked data say that.
PUBLISHER_NAME = environment.text("PUBLISHER_NAME")
PUBLISHER_URL = environment.web_address("PUBLISHER_URL")
if PUBLISHER_URL and not PUBLISHER_NAME:
    raise ImproperlyConfigured("PUBLISHER_URL is where PUBLISHER_NAME leads: set that too.")
PUBLISHER_IPA = environment.ipa_code("PUBLISHER_IPA")
PUBLISHER_TYPE = environment.choice("PUBLISHER_TYPE", "", *PUBLISHER_TYPES)
DATA_LICENCE = environment.uri(
    "DATA_LICENCE", default="https://w3id.org/italia/controlled-vocabulary/licences/C1_Unknown"
)

# Of a worker's memory, for answers that readers ask for again.
KEPT_ANSWERS_MB = environment.megabytes("KEPT_ANSWERS_MB", default=64)

LOGIN_REDIRECT_URL = "admin:index"
LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italiano")), ("en", _("Inglese"))]
# The editors' pages', which they choose there; no other page is told.
LANGUAGE_COOKIE_NAME = "editors-language"
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = _https, True, "Lax"
LOCALE_PATHS = [BASE_DIR / "catalogue" / "locale"]
FORMAT_MODULE_PATH = "catalogue.locale"
TIME_ZONE = "Europe/Rome"
USE_TZ = True

_theme = Path(find_spec("bootstrap_italia_template").submodule_search_locations[0]) / "static"  # type: ignore[union-attr,index]
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Of the theme's 1,135 files, those that our pages use.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap-italia/css", _theme / "css"),
    ("bootstrap-italia/svg", _theme / "svg"),
    ("bootstrap-italia/fonts", _theme / "fonts" / "Titillium_Web"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Beside WhiteNoise's own, forms of fonts that today's browsers do not ask for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "eot", "ttf", "map")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # A refusal is said once, in one line, by `catalogue.access`; Django would say it again, with its traceback.
    "filters": {
        "no_refusal": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(record, "status_code", None) not in (403, 429),
        }
    },
    "loggers": {name: {"filters": ["no_refusal"]} for name in ("django.request", "django.security.csrf")},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
