from django.db import migrations

from decompte.portal.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [append_only("payments_entry", "payments_posting")]
