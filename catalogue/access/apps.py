from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "catalogue.access"
    verbose_name = _("Accessi")

    def ready(self) -> None:
        from catalogue.access import groups, lockout, second_factor

        # Those of the apps above it in INSTALLED_APPS have their permissions by then.
        post_migrate.connect(groups.make_groups, sender=self)
        user_login_failed.connect(lockout.count_failure)
        user_logged_in.connect(lockout.end_failures)
        user_logged_in.connect(second_factor.start_session)
        user_logged_in.connect(clear_sessions)


def clear_sessions(**kwargs: Any) -> None:
    """Those that have ended, which Django leaves in the database."""
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore.clear_expired()
