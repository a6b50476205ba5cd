from django.urls import path
from django.utils.translation import gettext_lazy as _

from initiatives import files, views
from initiatives.feed import feed
from taxonomy.models import InterventionCategory, PrioritySector, SpecificObjective

urlpatterns = [
    path(_("iniziative/"), views.initiative_list, name="initiative-list"),
    path(_("iniziative.csv"), files.selection_file, {"kind": "csv"}, name="csv"),
    path(_("iniziative.xlsx"), files.selection_file, {"kind": "xlsx"}, name="xlsx"),
    path(_("iniziative.json"), files.selection_file, {"kind": "json"}, name="json"),
    path(_("iniziative.ttl"), files.selection_file, {"kind": "ttl"}, name="ttl"),
    path(_("classificazioni.csv"), files.selection_file, {"kind": "classifications"}, name="classifications"),
    path("feed/", feed, name="feed"),
    path(_("iniziative/confronta/"), views.compare, name="compare"),  # no entry has this slug
    path(_("iniziative/<slug:slug>/"), views.initiative_detail, name="initiative-detail"),
    path(_("obiettivi/<slug:slug>/"), views.term_detail, {"model": SpecificObjective}, name="objective-detail"),
    path(_("categorie/<slug:slug>/"), views.term_detail, {"model": InterventionCategory}, name="category-detail"),
    path(_("settori/<slug:slug>/"), views.term_detail, {"model": PrioritySector}, name="sector-detail"),
    path(_("matrice/"), views.matrix, name="matrix"),
    path(_("matrice.csv"), files.matrix_file, {"kind": "csv"}, name="matrix-csv"),
    path(_("matrice.xlsx"), files.matrix_file, {"kind": "xlsx"}, name="matrix-xlsx"),
    path(_("incroci.svg"), files.crosswalk_file, name="crosswalk"),
    path(_("fonte/"), views.source, name="source"),
]
