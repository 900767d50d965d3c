from django.db import migrations

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

    dependencies = [
        ('kernel', '0002_files_tell_that_they_change'),
    ]

    operations = [
        migrations.RunSQL(FOLDED, "DROP FUNCTION kernel_folded(text)"),
    ]
