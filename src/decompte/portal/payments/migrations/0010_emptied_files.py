from django.db import migrations

from decompte.portal.payments.guards import set_up


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_guards_of_parts")]
    operations = [set_up()]
