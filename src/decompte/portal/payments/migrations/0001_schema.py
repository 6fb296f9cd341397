import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import decompte.portal.people.identifiers
from decompte.portal.payments.guards import set_up


class Migration(migrations.Migration):
    replaces = [
        ("payments", "0001_initial"),
        ("payments", "0002_append_only"),
        ("payments", "0003_books_bank_and_debts"),
        ("payments", "0004_guards"),
        ("payments", "0005_undone"),
        ("payments", "0006_direct_debits"),
        ("payments", "0007_guards_of_debits"),
        ("payments", "0008_parts"),
        ("payments", "0009_guards_of_parts"),
        ("payments", "0010_emptied_files"),
        ("payments", "0011_waiting_files_stay_full"),
    ]

    initial = True

    dependencies = [
        ("decisions", "0001_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankFile",
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
                ("kind", models.CharField(max_length=10)),
                ("message_id", models.CharField(max_length=70)),
                ("sha256", models.CharField(max_length=64)),
                ("content_sealed", models.BinaryField()),
                ("first_day", models.DateField(blank=True, null=True)),
                ("last_day", models.DateField(blank=True, null=True)),
                ("opening_cents", models.BigIntegerField(blank=True, null=True)),
                ("closing_cents", models.BigIntegerField(blank=True, null=True)),
                ("read_at", models.DateTimeField()),
                ("read_by", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ("-id",),
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "sha256"), name="one_reading_a_file")
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
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
                ("msg_id", models.CharField(max_length=35, unique=True)),
                ("version", models.CharField(default="pain.001.001.09", max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "Waiting for a second person"),
                            ("released", "Released"),
                            ("discarded", "Discarded"),
                        ],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                ("order_count", models.PositiveIntegerField()),
                ("total_cents", models.PositiveBigIntegerField()),
                ("execution_date", models.DateField()),
                ("content_sealed", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("prepared_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Debt",
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
                ("key", models.CharField(max_length=120, unique=True)),
                ("agency", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                "participation",
                                "Flat participation, the doctor having been paid directly",
                            ),
                            ("franchise", "Medical franchise, the bill having been paid directly"),
                            (
                                "penalty",
                                "Out-of-pathway penalty, the doctor having been paid directly",
                            ),
                            ("overpayment", "Paid too much by an earlier decision"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "payer",
                    models.CharField(
                        choices=[
                            ("care-amo", "Care, mandatory part"),
                            ("care-local", "Care, local scheme"),
                            ("care-solidarity", "Care, solidarity cover"),
                            ("care-amc", "Care, complementary part"),
                            ("practitioners", "Paid to practitioners directly"),
                            ("members", "Owed to members"),
                            ("recoveries", "Owed by members"),
                            ("forgiven", "Given up"),
                            ("dues", "Contributions to come"),
                            ("contributions", "Contributions"),
                            ("transit", "With the bank, on its way"),
                            ("bank", "Bank"),
                            ("till", "Received otherwise than through the bank"),
                            ("fees", "Bank's fees"),
                            ("suspense", "Not explained yet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("care_date", models.DateField()),
                ("amount_cents", models.PositiveIntegerField()),
                ("left_cents", models.PositiveIntegerField()),
                ("takeable_from", models.DateField()),
                ("made_at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "ordering": ("care_date", "id"),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Due",
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
                ("key", models.CharField(max_length=120, unique=True)),
                ("agency", models.CharField(max_length=60)),
                ("academic_year", models.PositiveSmallIntegerField()),
                ("amount_cents", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be collected"),
                            ("collecting", "In a direct debit file"),
                            ("collected", "Asked of the bank"),
                            ("held", "Sent back by the bank: somebody looks at it"),
                            ("paid", "Paid otherwise"),
                            ("waived", "No longer owed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
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
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("agency", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("code", models.CharField(max_length=40)),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="payments.entry",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Mandate",
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
                ("reference", models.CharField(max_length=35, unique=True)),
                ("holder", models.CharField(max_length=70)),
                ("iban_sealed", models.BinaryField()),
                ("iban_last4", models.CharField(max_length=4)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("signed_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_why", models.CharField(blank=True, max_length=40)),
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
            name="Collection",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "To be paid"),
                            ("held", "Waiting for a working account"),
                            ("batched", "In a payment file"),
                            ("released", "Sent to the bank"),
                            ("settled", "Paid by the bank"),
                            ("rejected", "Rejected by the bank"),
                            ("returned", "Came back from the bank"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="batched",
                        max_length=10,
                    ),
                ),
                ("amount_cents", models.PositiveIntegerField()),
                ("is_first", models.BooleanField()),
                ("end_to_end_id", models.CharField(max_length=35, unique=True)),
                ("collect_on", models.DateField()),
                ("settled_on", models.DateField(blank=True, null=True)),
                ("bank_reason", models.CharField(blank=True, max_length=4)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collection",
                        to="payments.batch",
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
                    "due",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="payments.due",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="payments.mandate",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PaymentOrder",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "To be paid"),
                            ("held", "Waiting for a working account"),
                            ("batched", "In a payment file"),
                            ("released", "Sent to the bank"),
                            ("settled", "Paid by the bank"),
                            ("rejected", "Rejected by the bank"),
                            ("returned", "Came back from the bank"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="ordered",
                        max_length=10,
                    ),
                ),
                ("amount_cents", models.PositiveIntegerField()),
                ("kept_cents", models.PositiveIntegerField(default=0)),
                ("parts", models.JSONField(default=dict)),
                ("holder", models.CharField(max_length=70)),
                ("iban_sealed", models.BinaryField()),
                ("iban_last4", models.CharField(max_length=4)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("end_to_end_id", models.CharField(max_length=35, unique=True)),
                ("ordered_at", models.DateTimeField()),
                ("settled_on", models.DateField(blank=True, null=True)),
                ("bank_reason", models.CharField(blank=True, max_length=4)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="payments.batch",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
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
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacement",
                        to="payments.paymentorder",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="BankLine",
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
                ("identity", models.CharField(max_length=64)),
                ("day", models.DateField(blank=True, null=True)),
                ("amount_cents", models.BigIntegerField()),
                ("is_movement", models.BooleanField()),
                ("end_to_end_id", models.CharField(blank=True, max_length=35)),
                ("batch_id_told", models.CharField(blank=True, max_length=35)),
                ("reason", models.CharField(blank=True, max_length=4)),
                ("label", models.CharField(blank=True, max_length=250)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("noted", "Noted"),
                            ("open", "To be explained"),
                            ("explained", "Explained by a person"),
                        ],
                        max_length=10,
                    ),
                ),
                ("trouble", models.CharField(blank=True, max_length=30)),
                ("resolution", models.CharField(blank=True, max_length=300)),
                ("closed_by", models.CharField(blank=True, max_length=40)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line",
                        to="payments.bankfile",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="payments.batch",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="payments.collection",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="payments.paymentorder",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("care-amo", "Care, mandatory part"),
                            ("care-local", "Care, local scheme"),
                            ("care-solidarity", "Care, solidarity cover"),
                            ("care-amc", "Care, complementary part"),
                            ("practitioners", "Paid to practitioners directly"),
                            ("members", "Owed to members"),
                            ("recoveries", "Owed by members"),
                            ("forgiven", "Given up"),
                            ("dues", "Contributions to come"),
                            ("contributions", "Contributions"),
                            ("transit", "With the bank, on its way"),
                            ("bank", "Bank"),
                            ("till", "Received otherwise than through the bank"),
                            ("fees", "Bank's fees"),
                            ("suspense", "Not explained yet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount_cents", models.BigIntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="payments.entry",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
            name="Proposal",
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
                    "how",
                    models.CharField(
                        choices=[
                            ("taken", "Kept back from a payment"),
                            ("collected", "Paid back by the member"),
                            ("forgiven", "Given up by the agency"),
                            ("expired", "Cancelled: the time to take it had passed"),
                            ("undone", "Never owed: an earlier decision was corrected"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount_cents", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("is_approved", models.BooleanField(default=False)),
                (
                    "debt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="payments.debt",
                    ),
                ),
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
            ],
            options={
                "ordering": ("id",),
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Taking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=60)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("taken", "Kept back from a payment"),
                            ("collected", "Paid back by the member"),
                            ("forgiven", "Given up by the agency"),
                            ("expired", "Cancelled: the time to take it had passed"),
                            ("undone", "Never owed: an earlier decision was corrected"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount_cents", models.IntegerField()),
                ("key", models.CharField(max_length=120)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "debt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takings",
                        to="payments.debt",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_by__isnull", True),
                    models.Q(("released_by", models.F("prepared_by")), _negated=True),
                    _connector="OR",
                ),
                name="released_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    ("released_by__isnull", False),
                    _connector="OR",
                ),
                name="released_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="debt",
            index=models.Index(
                fields=["member", "left_cents"], name="payments_de_member__55779f_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="debt",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="debt_is_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="debt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_cents__gte", 0), ("left_cents__lte", models.F("amount_cents"))
                ),
                name="debt_left_within_debt",
            ),
        ),
        migrations.AddIndex(
            model_name="due",
            index=models.Index(fields=["agency", "state"], name="payments_du_agency_2616b2_idx"),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="due_is_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["paid", "waived"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="due_ends_in_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("member", "agency"),
                name="one_live_mandate",
            ),
        ),
        migrations.AddIndex(
            model_name="collection",
            index=models.Index(fields=["agency", "state"], name="payments_co_agency_1660d9_idx"),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["rejected", "returned", "cancelled"]), _negated=True
                ),
                fields=("due",),
                name="one_live_collection_a_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="collection_is_something"
            ),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(fields=["agency", "state"], name="payments_pa_agency_189743_idx"),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(
                fields=["member", "ordered_at"], name="payments_pa_member__daf19c_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["rejected", "returned", "cancelled"]), _negated=True
                ),
                fields=("decision",),
                name="one_live_order_a_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="order_pays_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["batched", "released", "settled"]), _negated=True),
                    ("batch__isnull", False),
                    _connector="OR",
                ),
                name="order_with_the_bank_is_in_a_file",
            ),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(fields=["agency", "state"], name="payments_ba_agency_1ef5fe_idx"),
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.UniqueConstraint(
                fields=("agency", "identity"), name="one_line_an_identity"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "explained"), _negated=True),
                    models.Q(("resolution", ""), _negated=True),
                    _connector="OR",
                ),
                name="explained_in_words",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["agency", "account"], name="payments_po_agency_72f945_idx"),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents", 0), _negated=True), name="posting_is_not_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="proposal_decided_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_by__isnull", True)),
                fields=("debt",),
                name="one_open_proposal_a_debt",
            ),
        ),
        migrations.AddConstraint(
            model_name="taking",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents", 0), _negated=True), name="taking_is_not_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="taking",
            constraint=models.UniqueConstraint(
                fields=("key", "debt"), name="one_taking_an_entry_and_debt"
            ),
        ),
        set_up(),
    ]
