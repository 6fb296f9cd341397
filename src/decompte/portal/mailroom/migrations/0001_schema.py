import django.db.models.deletion
from django.db import migrations, models

import decompte.portal.people.identifiers


class Migration(migrations.Migration):
    replaces = [
        ("mailroom", "0001_tables"),
        ("mailroom", "0002_order"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("requests", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scan",
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
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=100)),
                ("page_count", models.PositiveIntegerField()),
                ("filed_at", models.DateTimeField()),
                ("filed_by", models.CharField(max_length=40)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Page",
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
                ("place", models.PositiveIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("letter", "Letter"),
                            ("cover", "Cover sheet"),
                            ("blank", "Blank"),
                            ("filed", "Filed"),
                            ("waiting", "Waits for a decision"),
                            ("aside", "Set aside"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no-cover", "It came without a cover sheet."),
                            (
                                "unknown",
                                "No request of this agency has the reference on its cover sheet.",
                            ),
                            ("before", "The papers of this request arrived before."),
                            ("number", "There are not as many pages as papers on the cover sheet."),
                            ("kind", "The cover sheet names a paper that is not known."),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("file_token", models.CharField(max_length=22)),
                ("sha256", models.CharField(max_length=64)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=40)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests.request",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pages",
                        to="mailroom.scan",
                    ),
                ),
            ],
            options={
                "ordering": ("scan_id", "place"),
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.UniqueConstraint(fields=("agency", "sha256"), name="one_scan_a_file"),
        ),
        migrations.AddIndex(
            model_name="page",
            index=models.Index(fields=["agency", "role"], name="mailroom_pa_agency_1c606c_idx"),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(fields=("scan", "place"), name="one_page_a_place"),
        ),
    ]
