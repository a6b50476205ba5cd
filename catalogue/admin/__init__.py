"""The editors' pages. Django finds this package; each module registers the models that it is named after."""

from catalogue.admin import accounts, addresses, entries, site, sources, synonyms, vocabularies
from catalogue.admin.review import submissions
