"""The register's files: what they bring in, what they update, and what they leave to people."""

from __future__ import annotations

from datetime import date
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, connection, transaction

from diapason.directory.actions import load_sirene, merge_organisations, sirene, stock_file
from diapason.directory.contracts import ActivityRevision, OrganisationKind, Role
from diapason.directory.models import Organisation, RegisterEntry
from diapason.kernel.refusals import Refusal
from tests.directory.factories import (
    SIREN,
    SIRET,
    ActivityFactory,
    CommuneFactory,
    OrganisationFactory,
    numbered,
    person,
)
from tests.directory.sirene import ESTABLISHMENTS, UNITS, establishment, many, unit, written

pytestmark = pytest.mark.django_db

OTHER_SIRET = numbered(SIREN + "0002")


@pytest.fixture(autouse=True)
def lists():
    CommuneFactory(code="99101", intercommunality="Métropole d’Ailleurs")
    CommuneFactory(code="99102")
    ActivityFactory(code="59.20Z", cultural=True)
    ActivityFactory(code="59.20Y", revision=ActivityRevision.THIRD, cultural=True)
    ActivityFactory(code="01.11Z")
    ActivityFactory(code="90.01Z", cultural=True)


@pytest.fixture
def load(tmp_path):
    def load(*rows, units=(), zipped=False, **how):
        files = []
        if units:
            files.append(stock_file(written(tmp_path / "unites", UNITS, units, zipped=zipped)))
        if rows:
            files.append(
                stock_file(written(tmp_path / "etab", ESTABLISHMENTS, rows, zipped=zipped))
            )
        return load_sirene(files=files, **how)

    return load


def the_one():
    return Organisation.objects.get(siret=SIRET)


@pytest.mark.parametrize("zipped", [False, True])
def test_it_brings_in_the_territorys_active_establishments_of_cultural_activities(load, zipped):
    others = [numbered(numbered(f"998{n:05}") + "0001") for n in range(5)]
    done = load(
        establishment(SIRET),
        establishment(others[0], codeCommune="98000"),
        establishment(others[1], activitePrincipale="01.11Z", activitePrincipaleNAF25="01.11Y"),
        establishment(others[2], etatAdministratif="F"),
        establishment(others[3], statutDiffusion="P", enseigne1="[ND]"),
        establishment(others[4], activitePrincipale="59.20Z", activitePrincipaleNAF25="",
                      nomenclatureActivitePrincipale="NAP"),
        zipped=zipped,
    )  # fmt: skip
    assert (done.read, done.added, done.changed, done.closed) == (6, 1, 0, 0)
    made = Organisation.objects.get()
    assert (made.siret, made.siren, made.commune_id) == (SIRET, SIREN, "99101")
    assert (made.activity.code, made.new_activity.code) == ("59.20Z", "59.20Y")
    assert (str(made.name), made.address, made.postcode) == (
        "STUDIO INVENTE", "12 RUE INVENTEE", "99000",
    )  # fmt: skip
    assert made.is_verified
    assert "Sirene" in made.verified_with
    assert not made.listed


def test_either_list_of_activities_is_enough(load):
    load(
        establishment(SIRET, activitePrincipale="01.11Z"),
        establishment(OTHER_SIRET, activitePrincipaleNAF25=""),
    )
    assert Organisation.objects.count() == 2


def test_the_first_column_is_read_in_the_list_that_it_is_of(load):
    load(
        establishment(
            SIRET,
            activitePrincipale="59.20Y",
            nomenclatureActivitePrincipale="NAF2025",
            activitePrincipaleNAF25="",
        )
    )
    assert the_one().activity is None
    assert the_one().new_activity.code == "59.20Y"


def test_loaded_twice_nothing_changes(load):
    load(establishment(SIRET))
    before = list(Organisation.objects.values()), list(RegisterEntry.objects.values())
    done = load(establishment(SIRET))
    assert (done.added, done.changed, done.unchanged) == (0, 0, 1)
    assert (list(Organisation.objects.values()), list(RegisterEntry.objects.values())) == before


def test_a_dry_run_counts_and_keeps_nothing(load):
    OrganisationFactory(name={"fr": "Studio"}, siren=SIREN, siret=OTHER_SIRET)
    done = load(establishment(SIRET), establishment(OTHER_SIRET), dry_run=True)
    assert (done.added, done.changed) == (1, 1)
    assert Organisation.objects.count() == 1
    assert not RegisterEntry.objects.exists()
    assert Organisation.objects.get().address == ""


def test_what_nobody_declared_otherwise_follows_the_register(load):
    load(establishment(SIRET))
    done = load(
        establishment(
            SIRET,
            activitePrincipale="90.01Z",
            activitePrincipaleNAF25="",
            libelleVoie="NOUVELLE",
            codeCommune="99102",
            enseigne1="LE NOUVEAU STUDIO",
        )
    )
    assert done.changed == 1
    made = the_one()
    assert (made.activity.code, made.commune_id) == ("90.01Z", "99102")
    assert (made.address, str(made.name)) == ("12 RUE NOUVELLE", "LE NOUVEAU STUDIO")
    assert made.version == 2
    assert made.is_verified


@pytest.mark.parametrize(
    ("field", "declared"),
    [
        ("name", {"fr": "Le Studio, dit autrement"}),
        ("address", "3 place Déclarée"),
        ("postcode", ""),
        ("commune_id", "99102"),
        ("activity_id", None),
    ],
)
def test_what_people_declared_stays(load, field, declared):
    load(establishment(SIRET))
    made = the_one()
    setattr(made, field, declared)
    made.save()
    load(
        establishment(SIRET, enseigne1="AUTRE", libelleVoie="AUTRE", codePostal="99111",
                      activitePrincipale="90.01Z")
    )  # fmt: skip
    assert getattr(the_one(), field) == declared
    # And again, when the register says the same as the time before.
    load(establishment(SIRET, enseigne1="AUTRE", activitePrincipale="90.01Z"))
    assert getattr(the_one(), field) == declared


def test_an_organisation_that_was_there_is_filled_in_and_not_renamed(load):
    there = OrganisationFactory(
        name={"fr": "Mon Studio"}, siren=SIREN, siret=SIRET, address="3 place Déclarée"
    )
    done = load(establishment(SIRET))
    there.refresh_from_db()
    assert (done.added, done.changed) == (0, 1)
    assert (str(there.name), there.address) == ("Mon Studio", "3 place Déclarée")
    assert (there.postcode, there.activity.code) == ("99000", "59.20Z")
    # The number is what the register knows; that it is this organisation's, nobody verified.
    assert not there.is_verified


def test_a_known_one_is_updated_wherever_it_went_and_its_closing_told(load):
    load(establishment(SIRET))
    gone = establishment(SIRET, codeCommune="98000", etatAdministratif="F", dateDebut="2020-06-30")
    done = load(gone)
    assert (done.closed, done.added) == (1, 0)
    entry = RegisterEntry.objects.get()
    assert (entry.active, entry.closed_on) == (False, date(2020, 6, 30))
    assert Organisation.objects.count() == 1
    assert load(gone).closed == 0
    assert load(establishment(SIRET)).closed == 0
    assert RegisterEntry.objects.get().active


def test_what_its_owner_had_hidden_is_hidden_here_too(load):
    load(establishment(SIRET, enseigne1=""), units=[unit(SIREN, nom="Inventée", prenomUsuel="Zoé")])
    assert str(the_one().name) == "Zoé Inventée"
    hidden = {"statutDiffusion": "P", "enseigne1": "[ND]", "libelleVoie": "[ND]"}
    load(establishment(SIRET, **hidden), units=[unit(SIREN, statutDiffusion="P", nom="[ND]")])
    made, entry = the_one(), RegisterEntry.objects.get()
    assert "Inventée" not in str(made.name)
    assert SIREN[:3] in str(made.name)
    assert (made.address, made.postcode, entry.unit_name, entry.address) == ("", "", "", "")


def test_a_declared_address_stays_even_when_the_register_hides_its_own(load):
    OrganisationFactory(name={"fr": "Mon Studio"}, siren=SIREN, siret=SIRET, address="3 place")
    load(establishment(SIRET))
    load(establishment(SIRET, statutDiffusion="P"))
    assert the_one().address == "3 place"


@pytest.mark.parametrize(
    ("values", "name", "kind"),
    [
        ({"denomination": "ORCHESTRE INVENTE", "categorieJuridique": "9220"},
         "ORCHESTRE INVENTE", OrganisationKind.ASSOCIATION),
        ({"denomination": "REGIE", "categorieJuridique": "7210"},
         "REGIE", OrganisationKind.AUTHORITY),
        ({"nom": "INVENTEE", "nomUsage": "IMAGINEE", "prenomUsuel": "ZOE",
          "categorieJuridique": "1000"}, "ZOE IMAGINEE", OrganisationKind.COMPANY),
    ],
)  # fmt: skip
def test_names_and_kinds_come_from_the_enterprise(load, values, name, kind):
    load(establishment(SIRET, enseigne1=""))
    assert str(the_one().name).replace("\u00a0", "") == f"SIRET {SIRET}"
    for _twice in range(2):
        load(units=[unit(SIREN, **values), unit(numbered("99900000"), denomination="X")])
        assert (str(the_one().name), the_one().kind) == (name, kind)
    assert the_one().version == 2


def test_both_files_may_come_at_once_in_any_order(load):
    load(establishment(SIRET, enseigne1=""), units=[unit(SIREN, denomination="ORCHESTRE")])
    assert str(the_one().name) == "ORCHESTRE"


def test_a_declared_name_and_kind_stay_whatever_the_enterprise_says(load):
    load(establishment(SIRET, enseigne1=""))
    made = the_one()
    made.name, made.kind = {"fr": "Le mien"}, OrganisationKind.FESTIVAL
    made.save()
    load(units=[unit(SIREN, denomination="ORCHESTRE", categorieJuridique="9220")])
    assert (str(the_one().name), the_one().kind) == ("Le mien", OrganisationKind.FESTIVAL)


def test_a_merged_establishment_is_not_brought_in_again(load):
    load(establishment(SIRET))
    kept = OrganisationFactory()
    merge_organisations(by=person(Role.ADVISOR), kept=kept, duplicate=the_one())
    done = load(establishment(SIRET))
    assert done.added == 0
    assert Organisation.objects.filter(siret=SIRET).count() == 1


def test_the_territory_may_be_narrowed(load):
    rows = [establishment(SIRET), establishment(OTHER_SIRET, codeCommune="99102")]
    assert load(*rows, communes=["metropole d’ailleurs"], dry_run=True).added == 1
    assert load(*rows, communes=["99102"], dry_run=True).added == 1
    assert load(*rows, communes=["99102", "99101"], dry_run=True).added == 2
    with pytest.raises(Refusal, match="12345"):
        load(*rows, communes=["12345"])


def test_more_than_a_batch_is_written_batch_by_batch(load, monkeypatch):
    monkeypatch.setattr(sirene, "BATCH", 7)
    far = []
    done = load(*many(50, wanted_every=2), progress=lambda file: far.append)
    assert (done.read, done.added) == (50, 25)
    assert Organisation.objects.values("code").distinct().count() == 25
    assert far[-1] > 0


def test_what_is_no_file_of_the_register_is_refused(tmp_path):
    other = tmp_path / "autre.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(Refusal, match="autre"):
        stock_file(other)
    archive = tmp_path / "deux.zip"
    with ZipFile(archive, "w") as made:
        made.writestr("a.csv", "a")
        made.writestr("b.csv", "b")
    with pytest.raises(Refusal, match="deux"):
        stock_file(archive)


@pytest.mark.parametrize(("damage", "after"), [(b"cut,short\n", "2"), (b"\xff\xfe\n", "")])
def test_a_damaged_file_says_so_and_where(tmp_path, damage, after):
    path = written(tmp_path / "etab", ESTABLISHMENTS, [establishment(SIRET)])
    with path.open("ab") as file:
        file.write(damage)
    with pytest.raises(Refusal, match=f"etab.*ligne {after}"):
        load_sirene(files=[stock_file(path)])


def test_the_official_lists_come_first(load):
    Organisation.objects.all().delete()
    connection.cursor().execute("UPDATE directory_activity SET cultural = false")
    with pytest.raises(Refusal, match="load-activities"):
        load(establishment(SIRET))
    connection.cursor().execute("DELETE FROM directory_commune")
    with pytest.raises(Refusal, match="load-communes"):
        load(establishment(SIRET))


@pytest.mark.parametrize(
    "values",
    [
        "siren = '111111111'",
        "active = true, closed_on = '2020-01-01'",
        "hidden = true, name = 'X'",
    ],
)
def test_the_database_refuses_an_entry_that_contradicts_itself(load, values):
    load(establishment(SIRET))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE directory_registerentry SET {values}")
