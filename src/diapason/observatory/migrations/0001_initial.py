import diapason.kernel.clock
import diapason.observatory.contracts
import diapason.observatory.models.campaigns
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
        ('kernel', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year asked about')),
                ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('turnover', 'Turnover'), ('abroad', 'Turnover made abroad'), ('headcount', 'Jobs at the end of the year'), ('fte', 'Full-time equivalents'), ('training', 'Spending on employees’ digital training'), ('clients', 'New clients'), ('markets', 'New markets')], max_length=12), default=diapason.observatory.models.campaigns.every_question, size=None, verbose_name='questions')),
                ('opened_on', models.DateField(default=diapason.kernel.clock.today, verbose_name='opened on')),
                ('closes_on', models.DateField(verbose_name='last day to answer')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('reminder_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=diapason.observatory.models.campaigns.usual_reminders, size=None, verbose_name='reminders, in days before the last day')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invented', models.BooleanField(default=False, verbose_name='invented for a demonstration')),
                ('version', models.PositiveIntegerField(default=1)),
                ('request_key', models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'survey',
                'verbose_name_plural': 'surveys',
                'ordering': ['-year'],
                'constraints': [models.UniqueConstraint(fields=('year',), name='observatory_campaign_one_a_year', violation_error_message='There is already a survey about this year.'), models.CheckConstraint(condition=models.Q(('year__gte', 1990), ('year__lt', models.F('opened_on__year'))), name='observatory_campaign_year_is_over', violation_error_message='A survey asks about a year that is over.'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opened_on'))), name='observatory_campaign_dates', violation_error_message='The last day comes after the first.'), models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('closed_on__gte', models.F('opened_on')), _connector='OR'), name='observatory_campaign_closed_after', violation_error_message='A survey cannot be closed before it was opened.'), models.CheckConstraint(condition=models.Q(('questions__contained_by', ['turnover', 'abroad', 'headcount', 'fte', 'training', 'clients', 'markets']), ('questions__len__gt', 0)), name='observatory_campaign_known_questions', violation_error_message='Choose at least one of the questions.'), models.CheckConstraint(condition=models.Q(('questions__contains', ['turnover']), models.Q(('questions__overlap', ['abroad', 'training']), _negated=True), _connector='OR'), name='observatory_campaign_shares_of_turnover', violation_error_message='A share of the turnover cannot be asked without the turnover.')],
            },
        ),
        migrations.CreateModel(
            name='CampaignEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='observatory.campaign')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('year', models.PositiveSmallIntegerField(verbose_name='year asked about')),
                ('questions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('turnover', 'Turnover'), ('abroad', 'Turnover made abroad'), ('headcount', 'Jobs at the end of the year'), ('fte', 'Full-time equivalents'), ('training', 'Spending on employees’ digital training'), ('clients', 'New clients'), ('markets', 'New markets')], max_length=12), default=diapason.observatory.models.campaigns.every_question, size=None, verbose_name='questions')),
                ('opened_on', models.DateField(default=diapason.kernel.clock.today, verbose_name='opened on')),
                ('closes_on', models.DateField(verbose_name='last day to answer')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('reminder_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=diapason.observatory.models.campaigns.usual_reminders, size=None, verbose_name='reminders, in days before the last day')),
                ('opened_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('invented', models.BooleanField(default=False, verbose_name='invented for a demonstration')),
                ('version', models.PositiveIntegerField(default=1)),
                ('request_key', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='b144c026a9a368cbea5ca21d0486f320a14e97f1', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_4f6dd', table='observatory_campaign', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "observatory_campaignevent" ("closed_on", "closes_on", "id", "invented", "opened_by_id", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "questions", "reminder_days", "request_key", "version", "year") VALUES (NEW."closed_on", NEW."closes_on", NEW."id", NEW."invented", NEW."opened_by_id", NEW."opened_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."questions", NEW."reminder_days", NEW."request_key", NEW."version", NEW."year"); RETURN NULL;', hash='c88e91bf20851dd412e0af25934f2f267b62a757', operation='INSERT', pgid='pgtrigger_insert_insert_ad00a', table='observatory_campaign', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "observatory_campaignevent" ("closed_on", "closes_on", "id", "invented", "opened_by_id", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "questions", "reminder_days", "request_key", "version", "year") VALUES (NEW."closed_on", NEW."closes_on", NEW."id", NEW."invented", NEW."opened_by_id", NEW."opened_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."questions", NEW."reminder_days", NEW."request_key", NEW."version", NEW."year"); RETURN NULL;', hash='921bbb39d7c52e402c49eda95b6fab80b6e8c39c', operation='UPDATE', pgid='pgtrigger_update_update_13cb0', table='observatory_campaign', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='observatory.campaign', verbose_name='survey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='enterprise')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.contact', verbose_name='person asked')),
                ('to_person', models.BooleanField(default=False, verbose_name='written to a person')),
                ('language', models.CharField(default='fr', max_length=5, verbose_name='language')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('invited_on', models.DateField(default=diapason.kernel.clock.today, verbose_name='asked on')),
                ('sent_on', models.DateField(blank=True, null=True, verbose_name='letter sent on')),
                ('reminded_on', models.DateField(blank=True, null=True, verbose_name='reminded on')),
                ('refused_on', models.DateField(blank=True, null=True, verbose_name='wants no letter since')),
            ],
            options={
                'verbose_name': 'enterprise asked',
                'verbose_name_plural': 'enterprises asked',
                'ordering': ['campaign', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'organisation'), name='observatory_invitation_once', violation_error_message='This enterprise is already asked.'), models.CheckConstraint(condition=models.Q(('reminded_on__isnull', True), models.Q(('reminded_on__gte', models.F('sent_on')), ('sent_on__isnull', False)), _connector='OR'), name='observatory_invitation_sent_first', violation_error_message='Nobody is reminded of a letter that was not sent.')],
            },
        ),
        migrations.CreateModel(
            name='InvitationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='observatory.invitation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('campaign', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='observatory.campaign', verbose_name='survey')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='enterprise')),
                ('to_person', models.BooleanField(default=False, verbose_name='written to a person')),
                ('language', models.CharField(default='fr', max_length=5, verbose_name='language')),
                ('invited_on', models.DateField(default=diapason.kernel.clock.today, verbose_name='asked on')),
                ('sent_on', models.DateField(blank=True, null=True, verbose_name='letter sent on')),
                ('reminded_on', models.DateField(blank=True, null=True, verbose_name='reminded on')),
                ('refused_on', models.DateField(blank=True, null=True, verbose_name='wants no letter since')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='2bfc5bfdf92e2923276fcc494455b8c1b04301a9', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_01b13', table='observatory_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "observatory_invitationevent" ("campaign_id", "id", "invited_on", "language", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refused_on", "reminded_on", "sent_on", "to_person") VALUES (NEW."campaign_id", NEW."id", NEW."invited_on", NEW."language", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."refused_on", NEW."reminded_on", NEW."sent_on", NEW."to_person"); RETURN NULL;', hash='9b28ae1385a089064b0d1446c5f86fad2f091124', operation='INSERT', pgid='pgtrigger_insert_insert_b8f9f', table='observatory_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_on" IS DISTINCT FROM (NEW."invited_on") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."refused_on" IS DISTINCT FROM (NEW."refused_on") OR OLD."reminded_on" IS DISTINCT FROM (NEW."reminded_on") OR OLD."sent_on" IS DISTINCT FROM (NEW."sent_on") OR OLD."to_person" IS DISTINCT FROM (NEW."to_person"))', func='INSERT INTO "observatory_invitationevent" ("campaign_id", "id", "invited_on", "language", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refused_on", "reminded_on", "sent_on", "to_person") VALUES (NEW."campaign_id", NEW."id", NEW."invited_on", NEW."language", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."refused_on", NEW."reminded_on", NEW."sent_on", NEW."to_person"); RETURN NULL;', hash='c4a0c579de3848affe7a0b820dd522aa08f73b68', operation='UPDATE', pgid='pgtrigger_update_update_bc57b', table='observatory_invitation', when='AFTER')),
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='observatory.campaign', verbose_name='survey')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='enterprise')),
                ('active', models.BooleanField(default=True, verbose_name='still active')),
                ('ceased_on', models.DateField(blank=True, null=True, verbose_name='stopped on')),
                ('turnover', models.BigIntegerField(blank=True, null=True, verbose_name='turnover')),
                ('abroad', models.BigIntegerField(blank=True, null=True, verbose_name='turnover made abroad')),
                ('headcount', models.PositiveIntegerField(blank=True, null=True, verbose_name='jobs at the end of the year')),
                ('fte', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='full-time equivalents')),
                ('training', models.BigIntegerField(blank=True, null=True, verbose_name='spending on digital training')),
                ('clients', models.PositiveIntegerField(blank=True, null=True, verbose_name='new clients')),
                ('markets', models.PositiveIntegerField(blank=True, null=True, verbose_name='new markets')),
                ('status', models.CharField(choices=[('declared', 'Declared'), ('estimated', 'Estimated'), ('verified', 'Verified')], default=diapason.observatory.contracts.Status['DECLARED'], max_length=10, verbose_name='status')),
                ('origin', models.CharField(choices=[('link', 'The enterprise, by its link'), ('staff', 'Staff'), ('sheet', 'A spreadsheet')], default=diapason.observatory.contracts.Origin['LINK'], max_length=6, verbose_name='came by')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='what it rests on')),
                ('answered_on', models.DateField(default=diapason.kernel.clock.today, verbose_name='answered on')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_on', models.DateField(blank=True, null=True, verbose_name='verified on')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_with', models.CharField(blank=True, max_length=300, verbose_name='verified with')),
                ('version', models.PositiveIntegerField(default=1)),
                ('request_key', models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
                'ordering': ['campaign', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'organisation'), name='observatory_answer_once', violation_error_message='This enterprise has already answered.'), models.CheckConstraint(condition=models.Q(models.Q(('active', True), ('ceased_on__isnull', True)), models.Q(('active', False), ('ceased_on__isnull', False)), _connector='OR'), name='observatory_answer_end_is_dated', violation_error_message='Say when the enterprise stopped, or that it did not.'), models.CheckConstraint(condition=models.Q(models.Q(('turnover__isnull', True), ('turnover__range', (0, 100000000000000)), _connector='OR'), models.Q(('abroad__isnull', True), ('abroad__range', (0, 100000000000000)), _connector='OR'), models.Q(('training__isnull', True), ('training__range', (0, 100000000000000)), _connector='OR'), models.Q(('fte__isnull', True), ('fte__gte', 0), _connector='OR')), name='observatory_answer_amounts', violation_error_message='An amount is zero or more, and not beyond belief.'), models.CheckConstraint(condition=models.Q(('abroad__isnull', True), models.Q(('abroad__lte', models.F('turnover')), ('turnover__isnull', False)), _connector='OR'), name='observatory_answer_abroad_within', violation_error_message='What was made abroad is a part of the turnover: it cannot be more.'), models.CheckConstraint(condition=models.Q(('status__in', ['declared', 'estimated', 'verified']), ('origin__in', ['link', 'staff', 'sheet'])), name='observatory_answer_known_words', violation_error_message='Choose one of the statuses.'), models.CheckConstraint(condition=models.Q(models.Q(('status', diapason.observatory.contracts.Status['ESTIMATED']), _negated=True), models.Q(('source', ''), _negated=True), _connector='OR'), name='observatory_answer_estimate_rests_on', violation_error_message='Say what the estimate rests on.'), models.CheckConstraint(condition=models.Q(models.Q(('status', diapason.observatory.contracts.Status['VERIFIED']), ('verified_on__isnull', False), models.Q(('verified_with', ''), _negated=True)), models.Q(models.Q(('status', diapason.observatory.contracts.Status['VERIFIED']), _negated=True), ('verified_by__isnull', True), ('verified_on__isnull', True), ('verified_with', '')), _connector='OR'), name='observatory_answer_verified_whole', violation_error_message='Verifying takes a day and what it was verified with.')],
            },
        ),
        migrations.CreateModel(
            name='AnswerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='observatory.answer')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('campaign', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='observatory.campaign', verbose_name='survey')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.organisation', verbose_name='enterprise')),
                ('active', models.BooleanField(default=True, verbose_name='still active')),
                ('ceased_on', models.DateField(blank=True, null=True, verbose_name='stopped on')),
                ('turnover', models.BigIntegerField(blank=True, null=True, verbose_name='turnover')),
                ('abroad', models.BigIntegerField(blank=True, null=True, verbose_name='turnover made abroad')),
                ('headcount', models.PositiveIntegerField(blank=True, null=True, verbose_name='jobs at the end of the year')),
                ('fte', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='full-time equivalents')),
                ('training', models.BigIntegerField(blank=True, null=True, verbose_name='spending on digital training')),
                ('clients', models.PositiveIntegerField(blank=True, null=True, verbose_name='new clients')),
                ('markets', models.PositiveIntegerField(blank=True, null=True, verbose_name='new markets')),
                ('status', models.CharField(choices=[('declared', 'Declared'), ('estimated', 'Estimated'), ('verified', 'Verified')], default=diapason.observatory.contracts.Status['DECLARED'], max_length=10, verbose_name='status')),
                ('origin', models.CharField(choices=[('link', 'The enterprise, by its link'), ('staff', 'Staff'), ('sheet', 'A spreadsheet')], default=diapason.observatory.contracts.Origin['LINK'], max_length=6, verbose_name='came by')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='what it rests on')),
                ('answered_on', models.DateField(default=diapason.kernel.clock.today, verbose_name='answered on')),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_on', models.DateField(blank=True, null=True, verbose_name='verified on')),
                ('verified_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_with', models.CharField(blank=True, max_length=300, verbose_name='verified with')),
                ('version', models.PositiveIntegerField(default=1)),
                ('request_key', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='stamp', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM kernel_stamp(TG_TABLE_NAME); RETURN NULL;', hash='9132267622efba3bdd03b85033ed9e5309443837', level='STATEMENT', operation='INSERT OR UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_stamp_2d5b2', table='observatory_answer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='open_to_enterprises', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."origin" = \'link\')', declare='DECLARE closed_ date;', func="\n                SELECT closed_on INTO closed_ FROM observatory_campaign\n                WHERE id = NEW.campaign_id FOR SHARE;\n                IF TG_OP = 'UPDATE' THEN\n                    IF NEW.status <> 'declared' OR (OLD.status = 'declared' AND\n                        ROW(NEW.active, NEW.ceased_on, NEW.turnover, NEW.abroad, NEW.headcount, NEW.fte, NEW.training, NEW.clients, NEW.markets) IS NOT DISTINCT FROM ROW(OLD.active, OLD.ceased_on, OLD.turnover, OLD.abroad, OLD.headcount, OLD.fte, OLD.training, OLD.clients, OLD.markets))\n                    THEN\n                        RETURN NEW;\n                    END IF;\n                    IF OLD.status = 'verified' THEN\n                        RAISE EXCEPTION USING MESSAGE = 'These figures were verified: write to whoever sent you the survey to change them.', ERRCODE = 'check_violation',\n                            CONSTRAINT = 'observatory_answer_verified_stays';\n                    END IF;\n                END IF;\n                IF closed_ IS NOT NULL THEN\n                    RAISE EXCEPTION USING MESSAGE = 'This survey is closed: write to whoever sent it to you.', ERRCODE = 'check_violation',\n                        CONSTRAINT = 'observatory_answer_while_open';\n                END IF;\n                RETURN NEW;\n            ", hash='a3cfe75404ec771b7b000da09f74fa6b3e486e0b', operation='INSERT OR UPDATE', pgid='pgtrigger_open_to_enterprises_33db3', table='observatory_answer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "observatory_answerevent" ("abroad", "active", "answered_by_id", "answered_on", "campaign_id", "ceased_on", "clients", "fte", "headcount", "id", "markets", "organisation_id", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_key", "source", "status", "training", "turnover", "verified_by_id", "verified_on", "verified_with", "version") VALUES (NEW."abroad", NEW."active", NEW."answered_by_id", NEW."answered_on", NEW."campaign_id", NEW."ceased_on", NEW."clients", NEW."fte", NEW."headcount", NEW."id", NEW."markets", NEW."organisation_id", NEW."origin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."request_key", NEW."source", NEW."status", NEW."training", NEW."turnover", NEW."verified_by_id", NEW."verified_on", NEW."verified_with", NEW."version"); RETURN NULL;', hash='1845ff9fa902853d7735565387f133846a49e196', operation='INSERT', pgid='pgtrigger_insert_insert_a8367', table='observatory_answer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "observatory_answerevent" ("abroad", "active", "answered_by_id", "answered_on", "campaign_id", "ceased_on", "clients", "fte", "headcount", "id", "markets", "organisation_id", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_key", "source", "status", "training", "turnover", "verified_by_id", "verified_on", "verified_with", "version") VALUES (NEW."abroad", NEW."active", NEW."answered_by_id", NEW."answered_on", NEW."campaign_id", NEW."ceased_on", NEW."clients", NEW."fte", NEW."headcount", NEW."id", NEW."markets", NEW."organisation_id", NEW."origin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."request_key", NEW."source", NEW."status", NEW."training", NEW."turnover", NEW."verified_by_id", NEW."verified_on", NEW."verified_with", NEW."version"); RETURN NULL;', hash='6b3ed3da08b6c74601f6263a9910546d5425ecdc', operation='UPDATE', pgid='pgtrigger_update_update_28756', table='observatory_answer', when='AFTER')),
        ),
    ]
