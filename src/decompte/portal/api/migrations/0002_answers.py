"""Answers to programs' calls move to the table of the idempotency room, and are kept."""

from typing import Any

from django.db import migrations


def move(apps: Any, _editor: object) -> None:
    kept = apps.get_model("idempotency", "Answer")
    kept.objects.bulk_create(
        (
            kept(
                caller=f"client:{one.client.public_id}",
                user_id=one.client.user_id,
                agency=one.client.agency,
                key=one.key,
                fingerprint=one.fingerprint,
                status=one.status,
                content_type=one.content_type,
                location=one.location,
                body_sealed=bytes(one.body_sealed),
                at=one.created_at,
            )
            for one in apps.get_model("api", "Answer").objects.select_related("client").iterator()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("api", "0001_clients"), ("idempotency", "0002_callers")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel("Answer"),
    ]
