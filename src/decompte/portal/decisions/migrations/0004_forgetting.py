from django.db import migrations, models

from decompte.portal.audit.append_only import emptied_only, goes_with


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_amendments")]
    operations = [
        migrations.AlterModelOptions(
            name="decision", options={"base_manager_name": "related", "ordering": ("-id",)}
        ),
        migrations.AlterModelManagers(
            name="decision",
            managers=[("objects", models.Manager()), ("related", models.Manager())],
        ),
        migrations.AddField(
            model_name="decision",
            name="forgotten_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
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
