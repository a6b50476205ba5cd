from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from catalogue.admin.guide import guide
from catalogue.dossier import views as dossier
from catalogue.files import descriptions, feed
from catalogue.files import views as files
from catalogue.formats import CLASSIFICATIONS, CSV, GRAPHS, JSON, REFERENCES, TURTLE, XLSX
from catalogue.pages import changes, citations, data, discovery, entries, glossary, site, suggestions, terms, workbench
from catalogue.pictures import embeds
from catalogue.pictures import views as pictures


class Reference(StringConverter):
    regex = "|".join(REFERENCES)


register_converter(Reference, "reference")
handler403 = "catalogue.access.pages.refused"
handler404 = "catalogue.pages.not_found.not_found"
handler500 = "catalogue.admin.not_saved.failed"

urlpatterns = [
    path("admin/guida/", admin.site.admin_view(guide), name="guide"),
    path("admin/lingua/", set_language, name="editors-language"),
    path("admin/", admin.site.urls),
    path("favicon.ico", site.favicon, name="favicon"),
    path("robots.txt", discovery.robots),
    path("codice.svg", pictures.code, name="code"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", discovery.sitemap_part, name="sitemap-part"),
    path("", include("catalogue.api.urls")),
    # In no language: each holds both.
    path("catalogo.ttl", files.catalogue_file, {"form": "ttl"}, name="catalogue-ttl"),
    path("catalogo.jsonld", files.catalogue_file, {"form": "jsonld"}, name="catalogue-jsonld"),
    path("catalogo.rdf", files.catalogue_file, {"form": "rdf"}, name="catalogue-rdf"),
    *(
        path(f"iniziative/<slug:slug>.{form}", entries.initiative_graph, {"form": form}, name=f"initiative-{form}")
        for form in GRAPHS
    ),
    *(
        path(
            f"{place}/<slug:slug>.{form}",
            terms.term_detail_graph,
            {"dimension": dimension, "form": form},
            name=f"{dimension}-{form}",
        )
        for dimension, place in {"objective": "obiettivi", "category": "categorie", "sector": "settori"}.items()
        for form in GRAPHS
    ),
    *i18n_patterns(
        path("", site.home, name="home"),
        path(_("dati/"), data.data, name="data"),
        path(_("dati/api/"), data.api_page, name="api"),
        path(_("informazioni/"), site.about, name="about"),
        path(_("glossario/"), glossary.glossary, name="glossary"),
        path(_("copertura/"), site.coverage, name="coverage"),
        path(_("copertura.csv"), files.coverage_file, name="coverage-csv"),
        path(_("accessibilita/"), site.accessibility, name="accessibility"),
        path("privacy/", site.privacy, name="privacy"),
        path("opensearch.xml", discovery.opensearch, name="opensearch"),
        path(_("iniziative/"), workbench.initiative_list, name="initiative-list"),
        path(_("tabella/"), workbench.table, name="table"),
        path(_("matrice/"), workbench.matrix, name="matrix"),
        path(_("figura/"), workbench.picture, name="picture"),
        path(_("suggerimenti/"), suggestions.suggestions, name="suggestions"),
        path(_("iniziative.csv"), files.selection_file, {"form": CSV}, name="csv"),
        path(_("iniziative.xlsx"), files.selection_file, {"form": XLSX}, name="xlsx"),
        path(_("iniziative.json"), files.selection_file, {"form": JSON}, name="json"),
        path(_("iniziative.ttl"), files.selection_file, {"form": TURTLE}, name="ttl"),
        path(_("classificazioni.csv"), files.selection_file, {"form": CLASSIFICATIONS}, name="classifications"),
        path("datapackage.json", descriptions.data_package, name="datapackage"),
        path(_("iniziative.schema.json"), descriptions.json_schema, name="json-schema"),
        path("feed/", feed.feed, name="feed"),
        path(_("iniziative/confronta/"), entries.comparison, name="compare"),  # no entry has this slug
        path(_("iniziative/<slug:slug>/storia/"), changes.history, name="entry-history"),
        path(_("iniziative/<slug:slug>/versioni/<slug:version>/"), changes.version, name="entry-version"),
        path(_("modifiche/"), changes.changes, name="changes"),
        path(_("modifiche/feed/"), feed.changes_feed, name="changes-feed"),
        path(_("iniziative/<slug:slug>/immagine.png"), pictures.entry_card, name="initiative-card"),
        path(_("iniziative/<slug:slug>/"), entries.initiative_detail, name="initiative-detail"),
        path(_("obiettivi/"), terms.vocabulary, {"dimension": "objective"}, name="objective-index"),
        path(
            _("obiettivi/<slug:slug>/immagine.png"),
            pictures.term_card,
            {"dimension": "objective"},
            name="objective-card",
        ),
        path(_("obiettivi/<slug:slug>/"), terms.term_detail, {"dimension": "objective"}, name="objective-detail"),
        path(_("categorie/"), terms.vocabulary, {"dimension": "category"}, name="category-index"),
        path(
            _("categorie/<slug:slug>/immagine.png"), pictures.term_card, {"dimension": "category"}, name="category-card"
        ),
        path(_("categorie/<slug:slug>/"), terms.term_detail, {"dimension": "category"}, name="category-detail"),
        path(_("settori/"), terms.vocabulary, {"dimension": "sector"}, name="sector-index"),
        path(_("settori/<slug:slug>/immagine.png"), pictures.term_card, {"dimension": "sector"}, name="sector-card"),
        path(_("settori/<slug:slug>/"), terms.term_detail, {"dimension": "sector"}, name="sector-detail"),
        path(_("matrice.csv"), files.matrix_file, {"form": CSV}, name="matrix-csv"),
        path(_("matrice.xlsx"), files.matrix_file, {"form": XLSX}, name="matrix-xlsx"),
        path(_("incroci.svg"), pictures.crosswalk_file, {"content_type": "image/svg+xml"}, name="crosswalk"),
        path(_("incroci.png"), pictures.crosswalk_file, {"content_type": "image/png"}, name="crosswalk-png"),
        path(_("incorpora/figura/"), embeds.picture, name="embed-picture"),
        path(_("incorpora/tabella/"), embeds.matrix, name="embed-matrix"),
        path("dossier/", dossier.dossier, name="dossier"),
        path("dossier.docx", dossier.dossier_file, name="dossier-docx"),
        path(_("fonte/"), site.source, name="source"),
        path(_("iniziative/<slug:slug>.<reference:form>"), citations.entry, name="initiative-citation"),
        path(
            _("iniziative/<slug:slug>/versioni/<slug:version>.<reference:form>"),
            changes.version,
            name="version-citation",
        ),
        path(
            _("obiettivi/<slug:slug>.<reference:form>"),
            citations.term,
            {"dimension": "objective"},
            name="objective-citation",
        ),
        path(
            _("categorie/<slug:slug>.<reference:form>"),
            citations.term,
            {"dimension": "category"},
            name="category-citation",
        ),
        path(
            _("settori/<slug:slug>.<reference:form>"), citations.term, {"dimension": "sector"}, name="sector-citation"
        ),
        path(_("fonte/<slug:anchor>.<reference:form>"), citations.passage, name="passage-citation"),
        path(_("dati.<reference:form>"), citations.data, name="data-citation"),
        prefix_default_language=False,
    ),
]
