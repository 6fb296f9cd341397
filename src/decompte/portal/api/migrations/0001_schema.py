import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import decompte.portal.people.identifiers


class Migration(migrations.Migration):
    replaces = [
        ("api", "0001_clients"),
        ("api", "0002_answers"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("requests", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Client",
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
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "A member's own application"),
                            ("school", "A school's registration site"),
                            ("agent", "An agency's system, for agents' work"),
                            ("finance", "An agency's system, reading payments"),
                        ],
                        max_length=10,
                    ),
                ),
                ("agency", models.CharField(blank=True, max_length=40)),
                ("is_read_only", models.BooleanField(default=False)),
                ("return_addresses", models.JSONField(default=list)),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("signing_sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
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
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                ("answers_sealed", models.BinaryField()),
                ("return_address", models.URLField(max_length=400)),
                ("school_state", models.CharField(blank=True, max_length=200)),
                ("registration", models.CharField(blank=True, db_index=True, max_length=22)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="api.client",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Opened",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="api.client",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Subscription",
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
                ("url", models.URLField(max_length=400)),
                ("codes", models.JSONField(default=list)),
                ("after_event", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="api.client",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                ("event", models.PositiveBigIntegerField()),
                ("code", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=80)),
                ("happened_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=80)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="api.subscription",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Upload",
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
                ("file_name", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("paper", models.CharField(blank=True, max_length=22)),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="api.client",
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agency", ""), ("kind", "member"), ("user__isnull", False)),
                    models.Q(("agency", ""), ("kind", "school"), ("user__isnull", True)),
                    models.Q(
                        ("kind__in", ("agent", "finance")),
                        ("user__isnull", True),
                        models.Q(("agency", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="client_acts_for_one_party",
            ),
        ),
        migrations.AddIndex(
            model_name="opened",
            index=models.Index(fields=["client", "at"], name="api_opened_client__46135f_idx"),
        ),
        migrations.AddConstraint(
            model_name="opened",
            constraint=models.UniqueConstraint(
                fields=("client", "subject"), name="one_row_an_opened_file"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["delivered_at", "due_at"], name="api_deliver_deliver_f03fa7_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("subscription", "event"), name="one_delivery_an_event"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("received__lte", models.F("size"))),
                name="not_more_than_announced",
            ),
        ),
    ]
