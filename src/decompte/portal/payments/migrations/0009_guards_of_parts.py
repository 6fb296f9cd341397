from django.db import migrations

from decompte.portal.payments.guards import set_up


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_parts")]
    operations = [set_up()]
