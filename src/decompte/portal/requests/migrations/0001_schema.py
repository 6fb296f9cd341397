import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import decompte.portal.people.identifiers
from decompte.portal.audit.append_only import append_only


class Migration(migrations.Migration):
    replaces = [
        ("requests", "0001_initial"),
        ("requests", "0002_review"),
        ("requests", "0003_letters"),
        ("requests", "0004_forgetting"),
        ("requests", "0005_scanner"),
        ("requests", "0006_codes"),
        ("requests", "0007_samples"),
        ("requests", "0008_work_lists"),
        ("requests", "0009_words"),
        ("requests", "0010_words_on_papers"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=decompte.portal.people.identifiers.new_public_id,
                        editable=False,
                        max_length=22,
                        unique=True,
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being checked for viruses"),
                            ("received", "Received"),
                            ("accepted", "Accepted"),
                            ("refused", "To be sent again"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("refusal", models.TextField(blank=True)),
                ("file_name", models.CharField(blank=True, max_length=100)),
                ("media_type", models.CharField(blank=True, max_length=40)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("file_token", models.CharField(blank=True, max_length=22)),
                ("page_count", models.PositiveSmallIntegerField(default=0)),
                ("read_sealed", models.BinaryField(null=True)),
                (
                    "words_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not yet"),
                            ("text", "from the text of the PDF"),
                            ("scan", "from the picture"),
                            ("none", "nothing could be read"),
                        ],
                        default="",
                        max_length=4,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=decompte.portal.people.identifiers.new_public_id,
                        editable=False,
                        max_length=22,
                        unique=True,
                    ),
                ),
                ("reference", models.CharField(max_length=14, unique=True)),
                ("agency", models.CharField(max_length=60)),
                (
                    "channel",
                    models.CharField(
                        choices=[("online", "Online"), ("post", "By post")],
                        default="online",
                        max_length=6,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("announced", "To be posted"),
                            ("submitted", "Received, to be reviewed"),
                            ("in_review", "Under review"),
                            ("returned", "Sent back: something is missing"),
                            ("accepted", "Papers accepted"),
                            ("decided", "Decided, payment to come"),
                            ("partly", "Decided in part, payment to come"),
                            ("refused", "Refused"),
                            ("paid", "Paid"),
                            ("appealed", "Contested, to be looked at again"),
                            ("corrected", "Corrected, payment to come"),
                            ("upheld", "Contested, and confirmed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("is_first_with_agency", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("promised_on", models.DateField(blank=True, null=True)),
                ("returned_reason", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("assigned_at", models.DateTimeField(blank=True, null=True)),
                ("waiting_for", models.JSONField(blank=True, default=list)),
                ("waiting_since", models.DateField(blank=True, null=True)),
                ("reminders_sent", models.PositiveSmallIntegerField(default=0)),
                ("remind_on", models.DateField(blank=True, null=True)),
                ("appealed_at", models.DateTimeField(blank=True, null=True)),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "base_manager_name": "related",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("related", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PaperWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                ("digest", models.BigIntegerField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests.paper",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="paper",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="requests.request",
            ),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=decompte.portal.people.identifiers.new_public_id,
                        editable=False,
                        max_length=22,
                        unique=True,
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                ("is_from_member", models.BooleanField()),
                ("author", models.CharField(max_length=40)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=decompte.portal.people.identifiers.new_public_id,
                        editable=False,
                        max_length=22,
                        unique=True,
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=2)),
                ("subject", models.CharField(max_length=120)),
                ("content_sealed", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("written_by", models.CharField(max_length=40)),
                ("sent_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="CareLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                ("position", models.PositiveSmallIntegerField()),
                ("care_date", models.DateField(verbose_name="Date of care")),
                ("act", models.CharField(max_length=13, verbose_name="Act")),
                ("price_cents", models.PositiveIntegerField(verbose_name="Price paid")),
                ("quantity", models.PositiveSmallIntegerField(default=1)),
                ("practitioner_name", models.CharField(max_length=80, verbose_name="Practitioner")),
                (
                    "practitioner_number",
                    models.CharField(
                        blank=True, max_length=11, verbose_name="Practitioner's number"
                    ),
                ),
                ("specialty", models.CharField(max_length=40, verbose_name="Specialty")),
                ("sector", models.CharField(max_length=5, verbose_name="Sector")),
                (
                    "pathway",
                    models.CharField(max_length=20, verbose_name="How you came to this doctor"),
                ),
                ("is_third_party_payment", models.BooleanField(default=False)),
                ("is_ald_related", models.BooleanField(default=False)),
                ("has_prescription", models.BooleanField(default=False)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=decompte.portal.people.identifiers.new_public_id,
                        editable=False,
                        max_length=22,
                        unique=True,
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("right", "All was right"),
                            ("amount", "The amount is wrong"),
                            ("papers", "A paper does not prove it"),
                            ("words", "The answer is hard to understand"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.CharField(max_length=40)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                ("looked_by", models.CharField(blank=True, max_length=40)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sample",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                ("word", models.CharField(max_length=12)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                fields=["agency", "state", "submitted_at"], name="requests_re_agency_a6ca3f_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                fields=["agency", "submitted_at", "answered_at", "promised_on"],
                name="counted_by_week",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state__in", ("submitted", "in_review"))),
                fields=["agency", "submitted_at", "id"],
                name="to_be_reviewed",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state__in", ("decided", "partly", "corrected"))),
                fields=["agency", "submitted_at", "id"],
                name="to_be_paid",
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "announced",
                            "submitted",
                            "in_review",
                            "returned",
                            "appealed",
                            "decided",
                            "partly",
                            "corrected",
                        ],
                    )
                ),
                fields=["agency", "state", "forgotten_at", "member", "id"],
                name="still_open",
            ),
        ),
        migrations.AddIndex(
            model_name="paperword",
            index=models.Index(
                fields=["agency", "digest", "request"], name="found_by_word_on_paper"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperword",
            constraint=models.UniqueConstraint(
                fields=("paper", "digest"), name="one_word_once_a_paper"
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(
                    ("page_count__gt", 0), ("replaced_at__isnull", True), ("words_from", "")
                ),
                fields=["id"],
                name="papers_to_be_read",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("request", "kind"),
                name="one_current_paper_a_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("is_from_member", True), ("read_at__isnull", True)),
                fields=["agency", "request"],
                name="unread_from_members",
            ),
        ),
        migrations.AddConstraint(
            model_name="careline",
            constraint=models.UniqueConstraint(
                fields=("request", "position"), name="one_line_a_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="careline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="quantity_at_least_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict", ""), models.Q(("looked_by", ""), _negated=True), _connector="OR"
                ),
                name="verdict_given_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="word",
            index=models.Index(fields=["agency", "word", "request"], name="found_by_word"),
        ),
        migrations.AddConstraint(
            model_name="word",
            constraint=models.UniqueConstraint(fields=("request", "word"), name="one_word_once"),
        ),
        append_only("requests_letter"),
    ]
