import diapason.directory.contracts
import diapason.directory.models.identifiers
import diapason.directory.models.organisations
import diapason.directory.models.people
import diapason.kernel.clock
import diapason.kernel.tables
import diapason.kernel.texts
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.core.validators
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# The rule of SIREN and SIRET numbers, that of La Poste's establishments included; empty is sound.
# It calls nothing but PostgreSQL's own functions, so that a restored dump can use it at once.
NUMBER_SOUND = """
CREATE FUNCTION directory_number_sound(number text, expected integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN number = '' THEN true
        WHEN number !~ ('^[0-9]{' || expected || '}$') THEN false
        WHEN expected = 14 AND number LIKE '356000000%' AND number <> '35600000000048' THEN (
            SELECT sum(substr(number, place, 1)::integer) % 5 = 0
            FROM generate_series(1, expected) AS place
        )
        ELSE (
            SELECT sum(
                CASE WHEN (expected - place) % 2 = 1
                    THEN digit * 2 / 10 + digit * 2 % 10
                    ELSE digit
                END
            ) % 10 = 0
            FROM (
                SELECT place, substr(number, place, 1)::integer AS digit
                FROM generate_series(1, expected) AS place
            ) AS digits
        )
    END
$$
"""

# Which organisation stands for a merged one, for queries that count each once.
SURVIVOR = """
CREATE FUNCTION directory_survivor(organisation bigint) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE way AS (
        SELECT id, merged_into_id FROM directory_organisation WHERE id = organisation
        UNION ALL
        SELECT onward.id, onward.merged_into_id
        FROM directory_organisation AS onward JOIN way ON onward.id = way.merged_into_id
    )
    SELECT id FROM way WHERE merged_into_id IS NULL
$$
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('kernel', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        # What finds two organisations of much the same name.
        django.contrib.postgres.operations.TrigramExtension(
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('postcodes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), default=list, size=None, verbose_name='postcodes')),
                ('intercommunality', models.CharField(blank=True, max_length=150, verbose_name='intercommunality')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
            ],
            options={
                'verbose_name': 'commune',
                'verbose_name_plural': 'communes',
                'ordering': ['name'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commune',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='117e268c04b192c4f664733a885d334d03a3c9ef', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_3aee3', table='directory_commune', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='code')),
                ('revision', models.CharField(choices=[('2', 'NAF, revision 2'), ('2025', 'NAF 2025')], max_length=4, verbose_name='revision')),
                ('label', diapason.kernel.texts.TextField(default=dict, verbose_name='label')),
                ('cultural', models.BooleanField(default=False, verbose_name='cultural or creative')),
            ],
            options={
                'verbose_name': 'activity',
                'verbose_name_plural': 'activities',
                'ordering': ['revision', 'code'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'code'), name='directory_activity_once', violation_error_message='This revision already has an activity of that code.'), models.CheckConstraint(condition=models.Q(('revision__in', ['2', '2025'])), name='directory_activity_known_revision', violation_error_message='Choose one of the revisions.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='activity',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='93112d0341a23212892414decc4c3fac12c6e428', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_9931d', table='directory_activity', when='AFTER')),
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='name')),
                ('language', models.CharField(default=diapason.directory.models.people.default_language, max_length=5, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('joined_at', models.DateTimeField(default=diapason.kernel.clock.now, verbose_name='member since')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='directory_user_email_once', violation_error_message='An account already uses this e-mail address.')],
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='email_name_language_is_active_joined_at_events', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='name')),
                ('language', models.CharField(default=diapason.directory.models.people.default_language, max_length=5, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('joined_at', models.DateTimeField(default=diapason.kernel.clock.now, verbose_name='member since')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='0d2d31774724a2aa31cfccd8ff109786fca06401', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_03510', table='directory_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_userevent" ("email", "is_active", "joined_at", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."is_active", NEW."joined_at", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='258944e9fdb66bf722281249f252d311b5a35ee7', operation='INSERT', pgid='pgtrigger_insert_insert_c2c8c', table='directory_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."joined_at" IS DISTINCT FROM (NEW."joined_at") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "directory_userevent" ("email", "is_active", "joined_at", "language", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."is_active", NEW."joined_at", NEW."language", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='957401ce9c43e14eb404313e748ef42ac1ec7d64', operation='UPDATE', pgid='pgtrigger_update_update_74603', table='directory_user', when='AFTER')),
        ),
        migrations.RunSQL(NUMBER_SOUND, "DROP FUNCTION directory_number_sound(text, integer)"),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=80, unique=True, verbose_name='code')),
                ('name', diapason.kernel.texts.TextField(default=dict, verbose_name='name')),
                ('kind', models.CharField(choices=[('agency', 'Agency'), ('accelerator', 'Accelerator'), ('association', 'Association'), ('authority', 'Public authority'), ('body', 'Other body'), ('chamber', 'Chamber'), ('cluster', 'Cluster'), ('company', 'Company'), ('festival', 'Festival'), ('fund', 'Fund'), ('incubator', 'Incubator'), ('network', 'Network'), ('school', 'School'), ('university', 'University')], default=diapason.directory.contracts.OrganisationKind['BODY'], max_length=20, verbose_name='kind')),
                ('description', diapason.kernel.texts.TextField(blank=True, default=dict, verbose_name='what it does')),
                ('siren', models.CharField(blank=True, max_length=9, validators=[diapason.directory.models.identifiers.validate_siren], verbose_name='SIREN')),
                ('siret', models.CharField(blank=True, max_length=14, validators=[diapason.directory.models.identifiers.validate_siret], verbose_name='SIRET')),
                ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='number verified on')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='number verified by')),
                ('verified_with', models.CharField(blank=True, max_length=200, verbose_name='number verified with')),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.activity', verbose_name='activity')),
                ('new_activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.activity', verbose_name='activity in the new list')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='postcode')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.commune', verbose_name='commune')),
                ('phone', models.CharField(blank=True, max_length=30, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{4,28}$', 'Write a phone number, such as 04 00 00 00 00.')], verbose_name='phone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('url', models.URLField(blank=True, verbose_name='website')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='head of its group')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='last checked on')),
                ('listed', models.BooleanField(default=False, verbose_name='in the public directory')),
                ('published', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('description', 'What it does'), ('siren', 'SIREN and SIRET'), ('activity', 'Activity'), ('address', 'Address'), ('phone', 'Phone'), ('email', 'E-mail address'), ('url', 'Website')], max_length=20), blank=True, default=diapason.directory.models.organisations.published_at_first, size=None, verbose_name='shown to everybody')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='merged into')),
                ('invented', models.BooleanField(default=False, verbose_name='invented for a demonstration')),
                ('version', models.PositiveIntegerField(default=1)),
                ('request_key', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
                'ordering': ['code'],
                'indexes': [models.Index(condition=models.Q(('siren', ''), _negated=True), fields=['siren'], name='directory_org_siren'), models.Index(fields=['commune', 'kind'], name='directory_org_place'), models.Index(diapason.kernel.tables.Folded(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(django.db.models.fields.json.KeyTextTransform('fr', 'name'), models.Value('')), django.db.models.functions.comparison.NullIf(django.db.models.fields.json.KeyTextTransform('en', 'name'), models.Value('')), models.Value(''))), models.F('id'), name='directory_org_name_fr'), models.Index(diapason.kernel.tables.Folded(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(django.db.models.fields.json.KeyTextTransform('en', 'name'), models.Value('')), django.db.models.functions.comparison.NullIf(django.db.models.fields.json.KeyTextTransform('fr', 'name'), models.Value('')), models.Value(''))), models.F('id'), name='directory_org_name_en'), models.Index(diapason.kernel.tables.Folded('kind'), models.F('id'), name='directory_org_kind'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(diapason.kernel.tables.Folded(django.db.models.functions.comparison.Cast('name', models.TextField())), name='gin_trgm_ops'), name='directory_org_name_words')],
                'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('siret', ''), _negated=True), ('merged_into__isnull', True)), fields=('siret',), name='directory_organisation_siret_once', violation_error_message='Another organisation already has this SIRET.'), models.CheckConstraint(condition=models.Func(models.F('siren'), models.Value(9), function='directory_number_sound', output_field=models.BooleanField()), name='directory_organisation_siren_sound', violation_error_message='This is no SIREN: it has 9 digits, of which the last proves the others.'), models.CheckConstraint(condition=models.Func(models.F('siret'), models.Value(14), function='directory_number_sound', output_field=models.BooleanField()), name='directory_organisation_siret_sound', violation_error_message='This is no SIRET: it has 14 digits, of which the last proves the others.'), models.CheckConstraint(condition=models.Q(('siret', ''), ('siren', django.db.models.functions.text.Left('siret', 9)), _connector='OR'), name='directory_organisation_siret_of_siren', violation_error_message='A SIRET begins with the SIREN of its enterprise.'), models.CheckConstraint(condition=models.Q(models.Q(('verified_at__isnull', True), ('verified_by__isnull', True), ('verified_with', '')), models.Q(('verified_at__isnull', False), models.Q(('verified_with', ''), _negated=True), models.Q(('siren', ''), _negated=True)), _connector='OR'), name='directory_organisation_verified_whole', violation_error_message='Verifying a number takes the number, the day and what it was verified with.'), models.CheckConstraint(condition=models.Q(('group__isnull', True), models.Q(('group', models.F('id')), _negated=True), _connector='OR'), name='directory_organisation_not_own_group', violation_error_message='An organisation cannot be the head of itself.'), models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='directory_organisation_not_into_itself', violation_error_message='An organisation cannot be merged into itself.'), models.CheckConstraint(condition=models.Q(('kind__in', ['agency', 'accelerator', 'association', 'authority', 'body', 'chamber', 'cluster', 'company', 'festival', 'fund', 'incubator', 'network', 'school', 'university'])), name='directory_organisation_known_kind', violation_error_message='Choose one of the kinds.')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.organisation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=80, verbose_name='code')),
                ('name', diapason.kernel.texts.TextField(default=dict, verbose_name='name')),
                ('kind', models.CharField(choices=[('agency', 'Agency'), ('accelerator', 'Accelerator'), ('association', 'Association'), ('authority', 'Public authority'), ('body', 'Other body'), ('chamber', 'Chamber'), ('cluster', 'Cluster'), ('company', 'Company'), ('festival', 'Festival'), ('fund', 'Fund'), ('incubator', 'Incubator'), ('network', 'Network'), ('school', 'School'), ('university', 'University')], default=diapason.directory.contracts.OrganisationKind['BODY'], max_length=20, verbose_name='kind')),
                ('description', diapason.kernel.texts.TextField(blank=True, default=dict, verbose_name='what it does')),
                ('siren', models.CharField(blank=True, max_length=9, validators=[diapason.directory.models.identifiers.validate_siren], verbose_name='SIREN')),
                ('siret', models.CharField(blank=True, max_length=14, validators=[diapason.directory.models.identifiers.validate_siret], verbose_name='SIRET')),
                ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='number verified on')),
                ('verified_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='number verified by')),
                ('verified_with', models.CharField(blank=True, max_length=200, verbose_name='number verified with')),
                ('activity', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.activity', verbose_name='activity')),
                ('new_activity', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.activity', verbose_name='activity in the new list')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='postcode')),
                ('commune', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.commune', verbose_name='commune')),
                ('phone', models.CharField(blank=True, max_length=30, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{4,28}$', 'Write a phone number, such as 04 00 00 00 00.')], verbose_name='phone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('url', models.URLField(blank=True, verbose_name='website')),
                ('group', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='head of its group')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='last checked on')),
                ('listed', models.BooleanField(default=False, verbose_name='in the public directory')),
                ('published', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('description', 'What it does'), ('siren', 'SIREN and SIRET'), ('activity', 'Activity'), ('address', 'Address'), ('phone', 'Phone'), ('email', 'E-mail address'), ('url', 'Website')], max_length=20), blank=True, default=diapason.directory.models.organisations.published_at_first, size=None, verbose_name='shown to everybody')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='merged into')),
                ('invented', models.BooleanField(default=False, verbose_name='invented for a demonstration')),
                ('version', models.PositiveIntegerField(default=1)),
                ('request_key', models.UUIDField(blank=True, editable=False, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='92d5183e6fae935691cc1d2ab3c4a5140114e282', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_bddfe', table='directory_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='verified_as_it_was', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF OLD.verified_at IS NOT NULL\n                   AND NEW.verified_at IS NOT DISTINCT FROM OLD.verified_at\n                   AND ROW(NEW.siren, NEW.siret) IS DISTINCT FROM ROW(OLD.siren, OLD.siret)\n                THEN\n                    RAISE EXCEPTION USING\n                        MESSAGE = 'This number was verified: a new one has to be verified anew.',\n                        ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NEW;\n            ", hash='8d87f4f0052fa09b697a606e8888753e39dae37a', operation='UPDATE', pgid='pgtrigger_verified_as_it_was_5011a', table='directory_organisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='merged_into_living', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."merged_into_id" IS NOT NULL)', func="\n                PERFORM 1 FROM directory_organisation WHERE id = NEW.merged_into_id FOR SHARE;\n                IF EXISTS (\n                    SELECT 1 FROM directory_organisation\n                    WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL\n                ) AND (TG_OP = 'INSERT' OR NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)\n                THEN\n                    RAISE EXCEPTION USING\n                        MESSAGE = 'That organisation was itself merged: merge into the one it '\n                                  'leads to.',\n                        ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NEW;\n            ", hash='a0ee5cc1475bedb7a80950344dd9a35402daa6a3', operation='INSERT OR UPDATE', pgid='pgtrigger_merged_into_living_d772b', table='directory_organisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='one_level_of_group', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."group_id" IS NOT NULL)', func="\n                PERFORM 1 FROM directory_organisation WHERE id = NEW.group_id FOR SHARE;\n                IF EXISTS (\n                    SELECT 1 FROM directory_organisation\n                    WHERE id = NEW.group_id AND group_id IS NOT NULL\n                ) OR EXISTS (SELECT 1 FROM directory_organisation WHERE group_id = NEW.id)\n                THEN\n                    RAISE EXCEPTION USING\n                        MESSAGE = 'The head of a group has no head: name the one above all.',\n                        ERRCODE = 'restrict_violation';\n                END IF;\n                RETURN NEW;\n            ", hash='c7eca1bbb464ad1590948a342a20640543558b21', operation='INSERT OR UPDATE', pgid='pgtrigger_one_level_of_group_cb288', table='directory_organisation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_organisationevent" ("activity_id", "address", "checked_on", "code", "commune_id", "description", "email", "group_id", "id", "invented", "kind", "listed", "merged_into_id", "name", "new_activity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "published", "request_key", "siren", "siret", "url", "verified_at", "verified_by_id", "verified_with", "version") VALUES (NEW."activity_id", NEW."address", NEW."checked_on", NEW."code", NEW."commune_id", NEW."description", NEW."email", NEW."group_id", NEW."id", NEW."invented", NEW."kind", NEW."listed", NEW."merged_into_id", NEW."name", NEW."new_activity_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."postcode", NEW."published", NEW."request_key", NEW."siren", NEW."siret", NEW."url", NEW."verified_at", NEW."verified_by_id", NEW."verified_with", NEW."version"); RETURN NULL;', hash='abcb418e8308abc484a84d1759608ca4bb12920b', operation='INSERT', pgid='pgtrigger_insert_insert_fd0fd', table='directory_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "directory_organisationevent" ("activity_id", "address", "checked_on", "code", "commune_id", "description", "email", "group_id", "id", "invented", "kind", "listed", "merged_into_id", "name", "new_activity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "published", "request_key", "siren", "siret", "url", "verified_at", "verified_by_id", "verified_with", "version") VALUES (NEW."activity_id", NEW."address", NEW."checked_on", NEW."code", NEW."commune_id", NEW."description", NEW."email", NEW."group_id", NEW."id", NEW."invented", NEW."kind", NEW."listed", NEW."merged_into_id", NEW."name", NEW."new_activity_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."postcode", NEW."published", NEW."request_key", NEW."siren", NEW."siret", NEW."url", NEW."verified_at", NEW."verified_by_id", NEW."verified_with", NEW."version"); RETURN NULL;', hash='dc08829fc3809dd54914991966e547a485b7b1b3', operation='UPDATE', pgid='pgtrigger_update_update_17175', table='directory_organisation', when='AFTER')),
        ),
        migrations.RunSQL(SURVIVOR, "DROP FUNCTION directory_survivor(bigint)"),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='organisation')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('function', models.CharField(blank=True, max_length=150, verbose_name='function')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=30, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{4,28}$', 'Write a phone number, such as 04 00 00 00 00.')], verbose_name='phone')),
                ('starts', models.DateField(default=diapason.kernel.clock.today, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until')),
                ('name_public_on', models.DateField(blank=True, null=True, verbose_name='consent to show the name')),
                ('function_public_on', models.DateField(blank=True, null=True, verbose_name='consent to show the function')),
                ('email_public_on', models.DateField(blank=True, null=True, verbose_name='consent to show the e-mail address')),
                ('phone_public_on', models.DateField(blank=True, null=True, verbose_name='consent to show the phone')),
                ('request_key', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='directory_contact_dates', violation_error_message='A contact cannot end before it starts.'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='directory_contact_named', violation_error_message='Write the person’s name.'), models.CheckConstraint(condition=models.Q(('name_public_on__isnull', False), models.Q(('email_public_on__isnull', True), ('function_public_on__isnull', True), ('phone_public_on__isnull', True)), _connector='OR'), name='directory_contact_name_first', violation_error_message='Nothing of a person is shown whose name is not shown.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='b7ddc95f9c31bc6078bbf1db4d5a0e008913fb71', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_8baea', table='directory_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_contactorganisationstartsendsevent" ("ends", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts") VALUES (NEW."ends", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts"); RETURN NULL;', hash='8d7ca59a27f5033b406b2d177d5a6a3bdd3283fd', operation='INSERT', pgid='pgtrigger_insert_insert_b1fdf', table='directory_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ends" IS DISTINCT FROM (NEW."ends") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."starts" IS DISTINCT FROM (NEW."starts"))', func='INSERT INTO "directory_contactorganisationstartsendsevent" ("ends", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts") VALUES (NEW."ends", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts"); RETURN NULL;', hash='f03cfd218849200b44f745812b174acf78cdd625', operation='UPDATE', pgid='pgtrigger_update_update_190bf', table='directory_contact', when='AFTER')),
        ),
        migrations.CreateModel(
            name='ContactOrganisationStartsEndsEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='organisation_starts_ends_events', to='directory.contact')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='organisation')),
                ('starts', models.DateField(default=diapason.kernel.clock.today, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='organisation')),
                ('role', models.CharField(choices=[('member', 'Member'), ('advisor', 'Advisor'), ('programme_manager', 'Programme manager'), ('juror', 'Juror'), ('committee_member', 'Committee member'), ('operator', 'Operator')], max_length=20, verbose_name='role')),
                ('starts', models.DateField(default=diapason.kernel.clock.today, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), ('organisation', '='), ('role', '='), (diapason.directory.models.people.DateRange('starts', 'ends', django.contrib.postgres.fields.ranges.RangeBoundary()), '&&')], name='directory_membership_once', violation_error_message='This person already holds this role there.'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='directory_membership_dates', violation_error_message='A role cannot end before it starts.'), models.CheckConstraint(condition=models.Q(('role__in', ['member', 'advisor', 'programme_manager', 'juror', 'committee_member', 'operator'])), name='directory_membership_known_role', violation_error_message='Choose one of the roles.')],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.membership')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='organisation')),
                ('role', models.CharField(choices=[('member', 'Member'), ('advisor', 'Advisor'), ('programme_manager', 'Programme manager'), ('juror', 'Juror'), ('committee_member', 'Committee member'), ('operator', 'Operator')], max_length=20, verbose_name='role')),
                ('starts', models.DateField(default=diapason.kernel.clock.today, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='1da33f9e0b33a8549bfbc189e16c1a51a1192b83', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_d0ef1', table='directory_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_membershipevent" ("ends", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts", "user_id") VALUES (NEW."ends", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."starts", NEW."user_id"); RETURN NULL;', hash='5ffb5b6a27cfae7bb1553d4c3941390faf8210ad', operation='INSERT', pgid='pgtrigger_insert_insert_044d1', table='directory_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "directory_membershipevent" ("ends", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts", "user_id") VALUES (NEW."ends", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."starts", NEW."user_id"); RETURN NULL;', hash='feafebc87bdf35ba1404e63139e00b93c4dedbc0', operation='UPDATE', pgid='pgtrigger_update_update_4018c', table='directory_membership', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='organisation')),
                ('role', models.CharField(choices=[('member', 'Member'), ('advisor', 'Advisor'), ('programme_manager', 'Programme manager'), ('juror', 'Juror'), ('committee_member', 'Committee member'), ('operator', 'Operator')], max_length=20, verbose_name='role')),
                ('language', models.CharField(default=diapason.directory.models.people.default_language, max_length=5, verbose_name='language')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sent on')),
                ('expires_at', models.DateTimeField(verbose_name='open until')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted on')),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn on')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), models.F('organisation'), models.F('role'), condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), name='directory_invitation_one_open', violation_error_message='This person already has an open invitation for it.'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='directory_invitation_expires_later', violation_error_message='An invitation must stay open for some time.'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='directory_invitation_one_end', violation_error_message='An accepted invitation cannot be withdrawn.'), models.CheckConstraint(condition=models.Q(('role__in', ['member', 'advisor', 'programme_manager', 'juror', 'committee_member', 'operator'])), name='directory_invitation_known_role', violation_error_message='Choose one of the roles.')],
            },
        ),
        migrations.CreateModel(
            name='InvitationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.invitation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='organisation')),
                ('role', models.CharField(choices=[('member', 'Member'), ('advisor', 'Advisor'), ('programme_manager', 'Programme manager'), ('juror', 'Juror'), ('committee_member', 'Committee member'), ('operator', 'Operator')], max_length=20, verbose_name='role')),
                ('language', models.CharField(default=diapason.directory.models.people.default_language, max_length=5, verbose_name='language')),
                ('invited_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sent on')),
                ('expires_at', models.DateTimeField(verbose_name='open until')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted on')),
                ('accepted_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn on')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_invitationevent" ("accepted_at", "accepted_by_id", "created_at", "email", "expires_at", "id", "invited_by_id", "language", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."created_at", NEW."email", NEW."expires_at", NEW."id", NEW."invited_by_id", NEW."language", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."withdrawn_at"); RETURN NULL;', hash='0ceabddf1203bc25f31953a5e59a2372ecb03fb8', operation='INSERT', pgid='pgtrigger_insert_insert_52c16', table='directory_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."accepted_by_id" IS DISTINCT FROM (NEW."accepted_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_by_id" IS DISTINCT FROM (NEW."invited_by_id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))', func='INSERT INTO "directory_invitationevent" ("accepted_at", "accepted_by_id", "created_at", "email", "expires_at", "id", "invited_by_id", "language", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."created_at", NEW."email", NEW."expires_at", NEW."id", NEW."invited_by_id", NEW."language", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."withdrawn_at"); RETURN NULL;', hash='cd032f48278ef944509d99766555ae28ccdc738a', operation='UPDATE', pgid='pgtrigger_update_update_5e3fe', table='directory_invitation', when='AFTER')),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='organisation')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made on')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked on')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('organisation', 'name'), name='directory_apitoken_name_once', violation_error_message='This organisation already has a token of that name.'), models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('created_at')), _connector='OR'), name='directory_apitoken_expires_later', violation_error_message='A token must stay valid for some time.')],
            },
        ),
        migrations.CreateModel(
            name='ApiTokenEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.apitoken')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='organisation')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('created_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made on')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='valid until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked on')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "directory_apitokenevent" ("created_at", "created_by_id", "expires_at", "id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (NEW."created_at", NEW."created_by_id", NEW."expires_at", NEW."id", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at"); RETURN NULL;', hash='87e8449139135b1a5550f18d2a8e9cf4c10ca475', operation='INSERT', pgid='pgtrigger_insert_insert_68a60', table='directory_apitoken', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at"))', func='INSERT INTO "directory_apitokenevent" ("created_at", "created_by_id", "expires_at", "id", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at") VALUES (NEW."created_at", NEW."created_by_id", NEW."expires_at", NEW."id", NEW."name", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at"); RETURN NULL;', hash='6204cd136108bffee0369fe8b12f89daff077b99', operation='UPDATE', pgid='pgtrigger_update_update_ce4b9', table='directory_apitoken', when='AFTER')),
        ),
        migrations.CreateModel(
            name='RegisterEntry',
            fields=[
                ('siret', models.CharField(max_length=14, primary_key=True, serialize=False, verbose_name='SIRET')),
                ('siren', models.CharField(db_index=True, max_length=9, verbose_name='SIREN')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name of the establishment')),
                ('unit_name', models.CharField(blank=True, max_length=200, verbose_name='name of the enterprise')),
                ('legal_category', models.CharField(blank=True, max_length=4, verbose_name='legal category')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('opened_on', models.DateField(blank=True, null=True, verbose_name='opened on')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.activity', verbose_name='activity')),
                ('new_activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.activity', verbose_name='activity in the new list')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='postcode')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.commune', verbose_name='commune')),
                ('brought', models.BooleanField(default=False, verbose_name='brought in from the register')),
                ('hidden', models.BooleanField(default=False, verbose_name='told to nobody by the register')),
            ],
            options={
                'verbose_name': 'entry of the register',
                'verbose_name_plural': 'entries of the register',
                'constraints': [models.CheckConstraint(condition=models.Q(('siret__startswith', models.F('siren'))), name='directory_registerentry_siret_of_siren', violation_error_message='A SIRET begins with the SIREN of its enterprise.'), models.CheckConstraint(condition=models.Q(('active', False), ('closed_on__isnull', True), _connector='OR'), name='directory_registerentry_closed_or_active', violation_error_message='What is active has no day of closing.'), models.CheckConstraint(condition=models.Q(('hidden', False), models.Q(('address', ''), ('name', ''), ('postcode', ''), ('unit_name', '')), _connector='OR'), name='directory_registerentry_hidden_says_nothing', violation_error_message='What the register hides is not kept here either.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='registerentry',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='6eaf19c5a8273a2fbff23434ad8b8326662bc5b5', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_265bb', table='directory_registerentry', when='AFTER')),
        ),
    ]
