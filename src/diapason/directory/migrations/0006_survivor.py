"""Which organisation stands for a merged one, for queries that count each once."""

from django.db import migrations

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
    dependencies = [("directory", "0005_register")]

    operations = [migrations.RunSQL(SURVIVOR, "DROP FUNCTION directory_survivor(bigint)")]
