import django.contrib.postgres.operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

# One function for all tables: a trigger only names its table.
STAMP = """
CREATE OR REPLACE FUNCTION kernel_stamp(written text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO kernel_change AS change (table_name, transaction, mark)
    VALUES (written, pg_current_xact_id()::text::bigint, nextval('kernel_change_id_seq'))
    ON CONFLICT (table_name, transaction) DO UPDATE SET mark = excluded.mark
$$
"""

# How a text sorts, whatever its case and accents. `unaccent` promises no more than the same answer
# within a query, because somebody may change its dictionary; naming the dictionary, and never
# changing it, lets indexes hold the answer. In plpgsql because that is called twice as fast as a
# function in SQL that cannot be put in its place.
FOLDED = """
CREATE OR REPLACE FUNCTION kernel_folded(written text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, written));
END
$$
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        # What lets "école" sort beside "ecole".
        django.contrib.postgres.operations.UnaccentExtension(
        ),
        migrations.RunSQL(FOLDED, "DROP FUNCTION kernel_folded(text)"),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table_name', models.CharField(max_length=63)),
                ('transaction', models.BigIntegerField()),
                ('mark', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('table_name', 'transaction'), name='kernel_change_once_per_transaction')],
            },
        ),
        migrations.RunSQL(STAMP, "DROP FUNCTION kernel_stamp(text)"),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('content_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.FileField(max_length=200, upload_to='files/%Y/%m/')),
                ('public', models.BooleanField(default=False, verbose_name='anybody may read it')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='kernel_storedfile_not_empty', violation_error_message='The file is empty.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='storedfile',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='f2a1fbedff14b48a7d65e1e5ce0763b5fcec610a', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_85dbc', table='kernel_storedfile', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(max_length=64)),
                ('form', models.CharField(max_length=120)),
                ('data', models.JSONField(default=dict)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
                'constraints': [models.UniqueConstraint(fields=('owner', 'form'), name='kernel_draft_one_per_form')],
            },
        ),
        migrations.CreateModel(
            name='Once',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='kernel_once_at')],
            },
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('owner', models.CharField(max_length=64)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Under way'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10, verbose_name='state')),
                ('total', models.PositiveIntegerField(null=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('message', models.CharField(blank=True, max_length=500)),
                ('result_url', models.CharField(blank=True, max_length=500)),
                ('cancel_asked', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'progress of a job',
                'verbose_name_plural': 'progress of jobs',
                'constraints': [models.CheckConstraint(condition=models.Q(('total__isnull', True), ('done__lte', models.F('total')), _connector='OR'), name='kernel_progress_within_total', violation_error_message='A job cannot do more than there is to do.')],
            },
        ),
    ]
