"""What lets "école" sort beside "ecole"."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_change_mark")]

    operations = [UnaccentExtension()]
