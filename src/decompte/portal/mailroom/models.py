"""Scanned stacks of posted requests, and what became of each of their pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from decompte.portal.people.identifiers import new_public_id
from decompte.portal.people.scope import ScopedManager


class Scan(models.Model):
    """One scanned file. The same file is taken once an agency: unique by its digest.

    It holds many people's papers, so it belongs to no member: `member` stays empty.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    agency = models.CharField(max_length=60)
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="+", null=True
    )
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=100)
    page_count = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=40)

    objects = ScopedManager()

    class Meta:
        """Newest first; once a file."""

        base_manager_name = "objects"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("agency", "sha256"), name="one_scan_a_file"),
        )


class Page(models.Model):
    """One page of a scan: what it is, where it went. Never deleted.

    Attributes:
        place: from 0, in the scan.
        role: what became of it.
        why: for one that waits, the reason.
        request, member: what it belongs to and to whom, or is thought to.
        kind: the kind of paper it was filed as.
        file_token: name of the sealed picture in the store.
        sha256: digest of the picture.
        settled_at, settled_by, note: when, by whom and how a waiting page was settled.
    """

    class Role(models.TextChoices):
        """What became of a page."""

        LETTER = "letter", _("Letter")
        COVER = "cover", _("Cover sheet")
        BLANK = "blank", _("Blank")
        FILED = "filed", _("Filed")
        WAITING = "waiting", _("Waits for a decision")
        ASIDE = "aside", _("Set aside")

    class Why(models.TextChoices):
        """Why a page waits."""

        NO_COVER = "no-cover", _("It came without a cover sheet.")
        UNKNOWN = "unknown", _("No request of this agency has the reference on its cover sheet.")
        BEFORE = "before", _("The papers of this request arrived before.")
        NUMBER = "number", _("There are not as many pages as papers on the cover sheet.")
        KIND = "kind", _("The cover sheet names a paper that is not known.")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="pages")
    agency = models.CharField(max_length=60)
    member = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="+", null=True
    )
    place = models.PositiveIntegerField()
    role = models.CharField(max_length=8, choices=Role.choices)
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    request = models.ForeignKey(
        "requests.Request", on_delete=models.PROTECT, related_name="+", null=True
    )
    kind = models.CharField(max_length=40, blank=True)
    file_token = models.CharField(max_length=22)
    sha256 = models.CharField(max_length=64)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = ScopedManager()

    class Meta:
        """In the order of the stack."""

        base_manager_name = "objects"
        ordering = ("scan_id", "place")
        indexes = (models.Index(fields=("agency", "role")),)
        constraints = (models.UniqueConstraint(fields=("scan", "place"), name="one_page_a_place"),)
