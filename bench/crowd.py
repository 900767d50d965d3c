"""A territory grown large: 100,000 organisations, ten people to reach at each, a million contacts
received at the welcome desk, and some of its cases. Straight into the tables: history and stamps
stand aside for the piling and are in force again for what is measured."""

from __future__ import annotations

from django.db import connection

# What is asked of them, with the filters and orders of their pages.
LISTS = [
    "/workspace/organisations/",
    "/workspace/organisations/?sort=-name",
    "/workspace/organisations/?words=lumiere",
    "/workspace/organisations/?kind=school",
    "/workspace/organisations/?page=100",
    "/workspace/organisations/?sort=commune",
    "/workspace/organisations/?sort=-sector",
    "/workspace/contacts/",
    "/workspace/contacts/?channel=phone",
    "/workspace/contacts/?first=2020-01-01&last=2020-02-01",
    "/workspace/contacts/?sort=subject",
    "/workspace/cases/",
    "/workspace/cases/?state=new",
    "/workspace/cases/?sort=owner",
    "/workspace/cases/?q=volcan",
]
COMMUNES, ACTIVITIES = 464, 732
ORGANISATIONS, PEOPLE, CONTACTS, CASES = 100_000, 1_000_000, 1_000_000, 20_000
# Words that make names which differ as names do, with accents.
_WORDS = (
    "atelier studio école fabrique maison théâtre éditions collectif compagnie labo image musique "
    "écho lumière volcan puy rivière forêt château marché garage piano caméra rêve encre papier"
)

_COMMUNES = """
    INSERT INTO directory_commune (code, name, postcodes, intercommunality, population)
    SELECT 'Z' || lpad(n::text, 4, '0'), initcap(words[1 + n %% size]) || '-' || n, '{}', '', 1000
    FROM generate_series(1, %(communes)s::int) n,
        (SELECT string_to_array(%(words)s, ' ') AS words,
            cardinality(string_to_array(%(words)s, ' ')) AS size) w
"""
_ACTIVITIES = """
    INSERT INTO directory_activity (code, revision, label, cultural)
    SELECT 'Z' || n, '2', jsonb_build_object('fr', initcap(words[1 + n %% size]) || ' ' || n), false
    FROM generate_series(1, %(activities)s::int) n,
        (SELECT string_to_array(%(words)s, ' ') AS words,
            cardinality(string_to_array(%(words)s, ' ')) AS size) w
"""
_ORGANISATIONS = """
    INSERT INTO directory_organisation (
        code, name, kind, url, invented, address, description, email, listed, phone, postcode,
        published, siren, siret, verified_with, version, commune_id,
        activity_id)
    SELECT 'crowd-' || n, jsonb_build_object('fr', name, 'en', name),
        (ARRAY['company', 'association', 'school'])[1 + n %% 3], '', true, '', '{}', '',
        n %% 2 = 0, '', '', '{}', '', '', '', 1, commune, activity
    FROM (
        SELECT n, initcap(words[1 + n %% size] || ' ' || words[1 + n / size %% size]) || ' ' || n
            AS name, communes[1 + n %% cardinality(communes)] AS commune,
            activities[1 + n %% cardinality(activities)] AS activity
        FROM generate_series(1, %(organisations)s::int) n,
            (SELECT string_to_array(%(words)s, ' ') AS words,
                cardinality(string_to_array(%(words)s, ' ')) AS size) w,
            (SELECT array_agg(code ORDER BY code) AS communes FROM directory_commune) c,
            (SELECT array_agg(id ORDER BY id) AS activities FROM directory_activity) a
    ) named
"""
_PEOPLE = """
    INSERT INTO directory_contact (name, function, email, phone, starts, organisation_id)
    SELECT 'Person ' || n, 'Contact', 'p' || n || '@bench.invalid', '', date '2018-01-01',
        first + n %% %(organisations)s
    FROM generate_series(1, %(people)s::int) n,
        (SELECT min(id) AS first FROM directory_organisation WHERE code LIKE 'crowd-%%') o
"""
_CONTACTS = """
    INSERT INTO desk_deskcontact ("on", channel, subject, invented, organisation_id, oriented_to_id)
    SELECT date '2018-01-01' + (n %% 1050)::int, (ARRAY['phone', 'email', 'visit'])[1 + n %% 3],
        'Asks about ' || md5(n::text), true, first + n %% %(organisations)s,
        CASE WHEN n %% 4 > 0 THEN first + n %% 12 END
    FROM generate_series(1, %(contacts)s::int) n,
        (SELECT min(id) AS first FROM directory_organisation WHERE code LIKE 'crowd-%%') o
"""
_CASES = """
    INSERT INTO desk_case (
        title, summary, stage, needs, sector, student, gender, siret, contact_name, contact_email,
        contact_phone, language, owner_id, next_on, next_step, opened_on, closing, version,
        token_hash, request_key, invented)
    SELECT initcap(words[1 + n %% size]) || ' ' || md5(n::text), '', 'idea',
        '{advice,place}', 'music', false, '', '', '', '', '', 'fr',
        first + n %% 12, date '2020-11-23' + (n %% 60 - 10)::int, '',
        date '2018-01-01' + (n %% 1000)::int, '', 1, md5(n::text) || md5((n + 1)::text),
        gen_random_uuid(), true
    FROM generate_series(1, %(cases)s::int) n,
        (SELECT string_to_array(%(words)s, ' ') AS words,
            cardinality(string_to_array(%(words)s, ' ')) AS size) w,
        (SELECT min(id) AS first FROM directory_organisation WHERE code LIKE 'crowd-%%') o
"""


def gather(part: int = 1) -> None:
    """Add the crowd to what there is, or one of so many equal parts of it."""
    whole = {
        "communes": COMMUNES,
        "activities": ACTIVITIES,
        "organisations": ORGANISATIONS,
        "people": PEOPLE,
        "contacts": CONTACTS,
        "cases": CASES,
    }
    sizes = {name: size // part for name, size in whole.items()} | {"words": _WORDS}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (_COMMUNES, _ACTIVITIES, _ORGANISATIONS, _PEOPLE, _CONTACTS, _CASES):
            cursor.execute(statement, sizes)
        cursor.execute("SET session_replication_role = origin")
        for table in (
            "directory_commune",
            "directory_activity",
            "directory_organisation",
            "directory_contact",
            "desk_deskcontact",
            "desk_case",
        ):
            cursor.execute("SELECT kernel_stamp(%s)", [table])
            cursor.execute(f"VACUUM ANALYZE {table}")
