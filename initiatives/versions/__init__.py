from initiatives.versions.changes import Changes, changes_since, last_change
from initiatives.versions.current import current_version, hold_version, known_since, moment_of, name_of
from initiatives.versions.snapshot import Snapshot
