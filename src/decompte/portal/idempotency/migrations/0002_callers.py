"""Answers to forms and to programs' calls in one table."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat


def name_callers(apps: Any, _editor: object) -> None:
    account = Concat(Value("user:"), Cast(F("user_id"), models.CharField()))
    apps.get_model("idempotency", "Answer").objects.update(caller=account)


class Migration(migrations.Migration):
    dependencies = [("idempotency", "0001_initial")]

    operations = [
        migrations.AddField("answer", "caller", models.CharField(max_length=40, default="")),
        migrations.RunPython(name_callers, migrations.RunPython.noop),
        migrations.AlterField("answer", "caller", models.CharField(max_length=40)),
        migrations.RemoveConstraint("answer", "one_answer_a_form"),
        migrations.RenameField("answer", "body_sha256", "fingerprint"),
        migrations.AddField(
            "answer", "content_type", models.CharField(blank=True, max_length=80, default="")
        ),
        migrations.AlterField(
            "answer", "content_type", models.CharField(blank=True, max_length=80)
        ),
        migrations.AddField("answer", "body_sealed", models.BinaryField(default=b"")),
        migrations.AlterField("answer", "key", models.CharField(max_length=80)),
        migrations.AlterField(
            "answer",
            "user",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            "answer",
            models.UniqueConstraint(fields=("caller", "agency", "key"), name="one_answer_a_caller"),
        ),
    ]
