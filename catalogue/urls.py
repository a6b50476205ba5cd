from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from catalogue import data, discovery, views
from initiatives import files

urlpatterns = [
    path("admin/", admin.site.urls),
    path("favicon.ico", views.favicon),
    path("robots.txt", discovery.robots),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", discovery.sitemap_part, name="sitemap-part"),
    path("", include("initiatives.api_urls")),
    # In no language: each holds both.
    path("catalogo.ttl", files.catalogue_file, {"form": "ttl"}, name="catalogue-ttl"),
    path("catalogo.jsonld", files.catalogue_file, {"form": "jsonld"}, name="catalogue-jsonld"),
    path("catalogo.rdf", files.catalogue_file, {"form": "rdf"}, name="catalogue-rdf"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path(_("dati/"), data.data, name="data"),
        path(_("dati/api/"), data.api_page, name="api"),
        path(_("informazioni/"), views.about, name="about"),
        path(_("accessibilita/"), views.accessibility, name="accessibility"),
        path("privacy/", views.privacy, name="privacy"),
        path("opensearch.xml", discovery.opensearch, name="opensearch"),
        path("manifest.webmanifest", views.manifest, name="manifest"),
        path("", include("initiatives.urls")),
        prefix_default_language=False,
    ),
]
