from initiatives.history.settling import settle, settle_when_committed
from initiatives.history.standing import enter
from initiatives.history.versions import Past, past_wordings
