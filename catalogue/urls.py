from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from catalogue import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("favicon.ico", views.favicon),
    path("", include("initiatives.api_urls")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path(_("informazioni/"), views.about, name="about"),
        path(_("accessibilita/"), views.accessibility, name="accessibility"),
        path("privacy/", views.privacy, name="privacy"),
        path("manifest.webmanifest", views.manifest, name="manifest"),
        path("", include("initiatives.urls")),
        prefix_default_language=False,
    ),
]
