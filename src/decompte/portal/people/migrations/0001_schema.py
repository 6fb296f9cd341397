from typing import Any

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

import decompte.portal.people.identifiers


def make_cache(_apps: Any, editor: Any) -> None:
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_held_accounts"),
        ("people", "0003_roles"),
        ("people", "0004_registrar"),
        ("people", "0005_forgetting"),
        ("people", "0006_typed"),
        ("people", "0007_staff_changes"),
        ("people", "0008_cache"),
        ("people", "0009_membership"),
        ("people", "0010_european_card_fields"),
        ("people", "0011_account_ends"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
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
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="Email address"),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "Français"), ("en", "English")], default="en", max_length=2
                    ),
                ),
                ("joined_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "session_stamp",
                    models.CharField(
                        default=decompte.portal.people.identifiers.new_public_id,
                        editable=False,
                        max_length=22,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Member",
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
                ("agency", models.CharField(blank=True, max_length=40)),
                ("given_name", models.CharField(max_length=80, verbose_name="Given name")),
                ("family_name", models.CharField(max_length=80, verbose_name="Family name")),
                ("birth_date", models.DateField(verbose_name="Date of birth")),
                ("nationality", models.CharField(max_length=2, verbose_name="Nationality")),
                ("address_line", models.CharField(max_length=38, verbose_name="Street and number")),
                (
                    "address_extra",
                    models.CharField(
                        blank=True, max_length=38, verbose_name="Address, second line"
                    ),
                ),
                ("postal_code", models.CharField(max_length=5, verbose_name="Postal code")),
                ("city", models.CharField(max_length=32, verbose_name="City")),
                ("nir_sealed", models.BinaryField(null=True)),
                ("nir_index", models.BinaryField(max_length=32, null=True, unique=True)),
                ("is_nir_provisional", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="member",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "base_manager_name": "related",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("related", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="EuropeanCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2, verbose_name="Country of the card")),
                ("expires_on", models.DateField(verbose_name="Expiry date")),
                ("institution", models.CharField(blank=True, max_length=40)),
                ("personal_sealed", models.BinaryField(default=b"")),
                ("number_sealed", models.BinaryField(default=b"")),
                ("recorded_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="european_cards",
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
            name="StaffRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Agent"),
                            ("adjudicator", "Adjudicator"),
                            ("finance", "Finance officer"),
                            ("preparer", "Payment preparer"),
                            ("approver", "Payment approver"),
                            ("supervisor", "Supervisor"),
                            ("auditor", "Auditor"),
                            ("dpo", "Data-protection officer"),
                            ("administrator", "Administrator"),
                            ("registrar", "School's registrar"),
                        ],
                        max_length=13,
                    ),
                ),
                ("display_name", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_role",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Typed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("content_sealed", models.BinaryField()),
                ("kept_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=20)),
                ("is_given", models.BooleanField()),
                ("notice", models.DateField()),
                ("chosen_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["user", "subject"], name="people_choi_user_id_e18993_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorReset",
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
                ("agency", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(
                                models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                                models.Q(("confirmed_by", models.F("user")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="factor_reset_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", models.F("user")), _negated=True),
                        name="factor_reset_by_somebody_else",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_by__isnull", True)),
                        fields=("user",),
                        name="one_open_factor_reset",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number_sealed", models.BinaryField()),
                ("number_index", models.BinaryField(max_length=32)),
                ("is_provisional", models.BooleanField()),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_numbers",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("member",),
                        name="one_number_in_use",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GPDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("doctor_name", models.CharField(max_length=80, verbose_name="Doctor's name")),
                (
                    "doctor_number",
                    models.CharField(
                        blank=True, max_length=11, verbose_name="Doctor's number (RPPS or AM)"
                    ),
                ),
                ("since", models.DateField(verbose_name="Signed on")),
                ("until", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gp_declarations",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("since", "id"),
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("member",),
                        name="one_open_gp_declaration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="gp_declaration_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("declared_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
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
            ],
            options={
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "member"), name="one_conflict_a_pair")
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=70, verbose_name="Account holder")),
                ("iban_sealed", models.BinaryField()),
                ("iban_index", models.BinaryField(max_length=32)),
                ("iban_last4", models.CharField(max_length=4)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("bank_name", models.CharField(blank=True, max_length=120)),
                ("recorded_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_accounts",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["iban_last4", "member"], name="found_by_its_end")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("held_until__isnull", True)
                        ),
                        fields=("member",),
                        name="one_open_bank_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("held_until__isnull", False)
                        ),
                        fields=("member",),
                        name="one_held_bank_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("recorded_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "agency"), name="one_membership_an_agency"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("word", models.CharField(max_length=12)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["agency", "word", "member"], name="people_sear_agency_7953f9_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SituationChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("told_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="situation_changes",
                        to="people.member",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "event", "on"), name="one_change_a_day"
                    )
                ],
            },
        ),
        migrations.RunPython(make_cache, migrations.RunPython.noop),
    ]
