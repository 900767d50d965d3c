from django.db import migrations

# How a text sorts, whatever its case and accents. `unaccent` promises no more than the same answer
# within a query, because somebody may change its dictionary; naming the dictionary, and never
# changing it, lets indexes hold the answer.
FOLDED = """
CREATE OR REPLACE FUNCTION kernel_folded(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(public.unaccent('public.unaccent'::regdictionary, written))
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0002_files_tell_that_they_change'),
    ]

    operations = [
        migrations.RunSQL(FOLDED, "DROP FUNCTION kernel_folded(text)"),
    ]
