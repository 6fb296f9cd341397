import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("idempotency", "0001_initial"),
        ("idempotency", "0002_callers"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caller", models.CharField(max_length=40)),
                ("agency", models.CharField(blank=True, max_length=60)),
                ("key", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("content_type", models.CharField(blank=True, max_length=80)),
                ("location", models.CharField(blank=True, max_length=300)),
                ("body_sealed", models.BinaryField(default=b"")),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["at"], name="idempotency_at_4f9f97_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("caller", "agency", "key"), name="one_answer_a_caller"
                    )
                ],
            },
        ),
    ]
