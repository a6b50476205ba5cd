from django.contrib.auth.models import Group, User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Account(User):
    class Meta:
        proxy = True
        verbose_name = _("redattore")
        verbose_name_plural = _("redattori")


class AccountGroup(Group):
    class Meta:
        proxy = True
        verbose_name = _("gruppo")
        verbose_name_plural = _("gruppi")


class FailedSignIn(models.Model):
    """Kept as long as it counts, an hour; see `lockout`.

    `account` is the keyed hash of what was typed, which may have been a password in the wrong box.
    """

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=50)
    moment = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["address", "moment"], name="failed_by_address")]

    def __str__(self) -> str:
        return f"{self.address}, {self.moment:%Y-%m-%d %H:%M}"
