from initiatives.facets.found import Attribution, Attributions, Found, Pairs, Position, Vocabularies
from initiatives.facets.index import FacetIndex, Overtaken, current_index, index_at, index_of_rehearsal
from initiatives.facets.kinds import FACETS, ChoiceFacet, TermFacet
from initiatives.facets.selection import DEFAULTS, NONE, Selection
from initiatives.facets.suggestions import Suggestions, meant_by, suggest
