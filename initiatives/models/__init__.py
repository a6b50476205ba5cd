from initiatives.models.addresses import Named, PublicAddress, PublicEntry, is_taken, named, read_at
from initiatives.models.changes import ChangeKind, PublicChange, PublicChangeQuerySet
from initiatives.models.entries import (
    ORDERS,
    Funding,
    Initiative,
    InitiativeQuerySet,
    Level,
    Scope,
    Status,
    among,
    lead_ins_of,
    one_of_these,
    passages_with_ties,
    tied,
)
from initiatives.models.lacks import Lack, Lacking, lacks, obstacles
from initiatives.models.links import (
    LINKS,
    WITHOUT_REASON,
    Basis,
    CategoryLink,
    Link,
    ObjectiveLink,
    Reason,
    SectorLink,
    citing,
    link_rows,
    reasons_of,
    standing_under,
    vocabularies,
)
from initiatives.models.sources import Kind, Passage, Source
from initiatives.models.synonyms import Expression, SynonymGroup, synonyms
