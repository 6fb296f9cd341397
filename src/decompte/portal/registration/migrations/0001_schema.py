import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import decompte.portal.people.identifiers


class Migration(migrations.Migration):
    replaces = [
        ("registration", "0001_initial"),
        ("registration", "0002_certificate"),
        ("registration", "0003_enrolments"),
        ("registration", "0004_two_schools"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("school", models.CharField(max_length=40)),
                ("academic_year", models.PositiveSmallIntegerField()),
                ("file_name", models.CharField(max_length=100)),
                ("counts", models.JSONField(default=dict)),
                ("wrong_sealed", models.BinaryField()),
                ("taken_at", models.DateTimeField()),
                ("taken_by", models.CharField(max_length=40)),
            ],
            options={
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("school", "academic_year"), name="one_report_a_year"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                ("academic_year", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "In progress"), ("confirmed", "Confirmed")],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("step", models.PositiveSmallIntegerField(default=1)),
                ("answers", models.JSONField(default=dict)),
                ("agency", models.CharField(blank=True, max_length=40)),
                ("complementary", models.CharField(blank=True, max_length=40)),
                ("affiliation", models.JSONField(blank=True, null=True)),
                ("contribution_cents", models.PositiveIntegerField(blank=True, null=True)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "certificate_code",
                    models.CharField(blank=True, max_length=19, null=True, unique=True),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("-academic_year",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
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
                ("school", models.CharField(max_length=40)),
                ("academic_year", models.PositiveSmallIntegerField()),
                ("student_number", models.CharField(max_length=20)),
                ("given_name", models.CharField(max_length=38)),
                ("family_name", models.CharField(max_length=38)),
                ("birth_date", models.DateField()),
                ("email", models.EmailField(max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "On the list"),
                            ("invited", "Invited"),
                            ("begun", "Begun"),
                            ("confirmed", "Registered"),
                        ],
                        default="listed",
                        max_length=12,
                    ),
                ),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("listed_at", models.DateTimeField()),
                ("left_on", models.DateField(blank=True, null=True)),
                ("contacted_at", models.DateTimeField(blank=True, null=True)),
                ("messages_sent", models.PositiveSmallIntegerField(default=0)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registration.registration",
                    ),
                ),
            ],
            options={
                "ordering": ("family_name", "given_name", "id"),
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                fields=("member", "academic_year"), name="one_registration_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("complementary", ""), ("complementary", models.F("agency")), _connector="OR"
                ),
                name="complementary_of_the_same_agency",
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                fields=["school", "academic_year", "state"], name="registratio_school_0a772b_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("school", "academic_year", "student_number"), name="one_enrolment_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("school", "academic_year", "user"), name="one_enrolment_an_account"
            ),
        ),
    ]
