from django.db import migrations

from decompte.portal.payments.guards import set_up


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_books_bank_and_debts")]
    operations = [set_up()]
