from django.db import migrations

from decompte.portal.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [append_only("audit_event", "audit_seal")]
