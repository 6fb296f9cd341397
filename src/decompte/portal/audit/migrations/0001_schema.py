import django.db.models.deletion
from django.db import migrations, models

from decompte.portal.audit.append_only import append_only


class Migration(migrations.Migration):
    replaces = [
        ("audit", "0001_initial"),
        ("audit", "0002_append_only"),
        ("audit", "0003_actors"),
        ("audit", "0004_counted"),
        ("audit", "0005_seals_by_agency"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=40)),
                ("agency", models.CharField(blank=True, max_length=40)),
                ("code", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=80)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["agency", "id"], name="audit_event_agency_4fa092_idx"),
                    models.Index(fields=["subject"], name="audit_event_subject_306e9b_idx"),
                    models.Index(
                        fields=["actor", "code", "at"], name="audit_event_actor_6fa213_idx"
                    ),
                    models.Index(
                        fields=["agency", "code", "at"], name="audit_event_agency_df96b4_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(blank=True, max_length=40)),
                ("digest", models.CharField(max_length=64)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="audit.event",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["agency", "id"], name="audit_seal_agency_024576_idx")
                ],
            },
        ),
        append_only("audit_event", "audit_seal"),
    ]
