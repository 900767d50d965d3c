"""Of the contacts of one day, the last recorded is the first of the list."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0001_the_desk'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='deskcontact',
            name='desk_deskcontact_latest',
        ),
        migrations.AddIndex(
            model_name='deskcontact',
            index=models.Index(fields=['-on', '-id'], name='desk_deskcontact_latest'),
        ),
    ]
