from django.db import migrations

from decompte.portal.payments.guards import set_up


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_emptied_files")]
    operations = [set_up()]
