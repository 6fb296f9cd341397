import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import decompte.portal.people.identifiers
from decompte.portal.audit.append_only import append_only, emptied_only, goes_with


class Migration(migrations.Migration):
    replaces = [
        ("decisions", "0001_initial"),
        ("decisions", "0002_append_only"),
        ("decisions", "0003_amendments"),
        ("decisions", "0004_forgetting"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("requests", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
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
                ("inputs", models.JSONField()),
                ("answers", models.JSONField()),
                ("law_version", models.CharField(max_length=64)),
                ("price_cents", models.PositiveIntegerField()),
                ("amo_cents", models.PositiveIntegerField()),
                ("local_cents", models.PositiveIntegerField()),
                ("solidarity_cents", models.PositiveIntegerField()),
                ("amc_cents", models.PositiveIntegerField()),
                ("patient_cents", models.PositiveIntegerField()),
                ("deferred_cents", models.PositiveIntegerField()),
                ("payable_cents", models.PositiveIntegerField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=40)),
                ("by_hand", models.JSONField(blank=True, default=list)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("words", models.TextField(blank=True)),
                ("proposed_by", models.CharField(blank=True, max_length=40)),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="decisions.decision",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="people.member",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="requests.request",
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
            name="Kept",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                ("care_date", models.DateField()),
                ("practitioner", models.CharField(max_length=80)),
                ("acts", models.PositiveSmallIntegerField()),
                ("participation_cents", models.PositiveIntegerField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept",
                        to="decisions.decision",
                    ),
                ),
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
            name="Amendment",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("override", "Amounts set by hand"),
                            ("correction", "Correction of a decision"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("lines", models.JSONField()),
                ("by_hand", models.JSONField(blank=True, default=list)),
                ("reason", models.CharField(max_length=20)),
                ("words", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("is_approved", models.BooleanField(default=False)),
                ("answer", models.TextField(blank=True)),
                (
                    "decided_by",
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
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_by__isnull", True)),
                        fields=["agency", "proposed_at"],
                        name="open_amendments",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_approved", False),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="amendment_approved_by_a_second_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_by__isnull", True)),
                        fields=("request",),
                        name="one_open_amendment_a_request",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", True)),
                fields=("request",),
                name="one_first_decision_a_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by", ""),
                    models.Q(("proposed_by", models.F("decided_by")), _negated=True),
                    _connector="OR",
                ),
                name="decided_by_a_second_person",
            ),
        ),
        migrations.AddIndex(
            model_name="kept",
            index=models.Index(
                fields=["member", "care_date"], name="decisions_k_member__458ed2_idx"
            ),
        ),
        append_only("decisions_decision", "decisions_kept"),
        emptied_only(
            "decisions",
            "Decision",
            {
                "inputs": "NEW.inputs = '{}'",
                "answers": "NEW.answers = '{}'",
                "by_hand": "NEW.by_hand = '[]'",
                "words": "NEW.words = ''",
                "forgotten_at": "NEW.forgotten_at IS NOT NULL",
            },
        ),
        goes_with(
            "decisions",
            "Kept",
            "EXISTS (SELECT 1 FROM decisions_decision d WHERE d.id = OLD.decision_id"
            " AND d.forgotten_at IS NOT NULL)",
        ),
    ]
