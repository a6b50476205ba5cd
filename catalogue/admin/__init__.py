"""The editors' pages. Django finds this package; each module registers the models that it is named after."""

from catalogue.admin import addresses, entries, sources, synonyms, vocabularies
