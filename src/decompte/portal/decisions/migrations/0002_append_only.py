from django.db import migrations

from decompte.portal.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]
    operations = [append_only("decisions_decision", "decisions_kept")]
