from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act or look. Appended by trust.audit.record alone; triggers refuse UPDATE, DELETE and TRUNCATE.

    `before` and `after` are digests under the subject's key, never the data; `reason` names nobody.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("hour"), db_index=True)
    actor = models.UUIDField(_("who"), null=True)
    actor_role = models.CharField(_("role"), max_length=64, blank=True)
    action = models.CharField(_("act"), max_length=64, db_index=True)
    subject_kind = models.CharField(_("about"), max_length=32, blank=True)
    subject = models.UUIDField(_("id"), null=True)
    purpose = models.CharField(_("purpose"), max_length=64, blank=True)
    before = models.CharField(max_length=128, blank=True)
    after = models.CharField(max_length=128, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    mac = models.CharField(max_length=64)
    # PostgreSQL's transaction, set by a trigger: what commits late is found by it. Empty on SQLite.
    txid = models.BigIntegerField(null=True, editable=False, db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [
            models.Index(fields=["subject", "id"], name="trust_audit_subject"),
            models.Index(fields=["actor", "subject", "at"], name="trust_audit_looks"),
        ]


class Seal(models.Model):
    """A chained HMAC over the entries of the named id ranges (runs of rows that existed, ends included)."""

    number = models.BigIntegerField(primary_key=True)
    ranges = models.JSONField()
    count = models.PositiveIntegerField()
    total = models.BigIntegerField()
    last_id = models.BigIntegerField()
    # PostgreSQL: the first transaction not yet covered, and the last entry that an older cluster numbered.
    horizon = models.BigIntegerField(null=True)
    base = models.BigIntegerField(default=0)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]


class AuditExport(models.Model):
    """A sealed segment written elsewhere: only entries and seals inside one may be deleted."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    first_seal = models.BigIntegerField()
    last_seal = models.BigIntegerField()
    head = models.CharField(max_length=64)
    total = models.BigIntegerField()
    at = models.DateTimeField()
    mac = models.CharField(max_length=64)
