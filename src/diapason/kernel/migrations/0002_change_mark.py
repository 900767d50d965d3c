from django.db import migrations, models

# One function for all tables: a trigger only names its table.
STAMP = """
CREATE OR REPLACE FUNCTION kernel_stamp(written text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO kernel_change AS change (table_name, transaction, mark)
    VALUES (written, pg_current_xact_id()::text::bigint, nextval('kernel_change_id_seq'))
    ON CONFLICT (table_name, transaction) DO UPDATE SET mark = excluded.mark
$$
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="change", name="mark", field=models.BigIntegerField(default=0)
        ),
        migrations.RunSQL(STAMP, "DROP FUNCTION kernel_stamp(text)"),
    ]
