"""Invented files of the register, in the layout of its owner."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tests.directory.factories import numbered

ESTABLISHMENTS = [
    "siren",
    "nic",
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "trancheEffectifsEtablissement",
    "anneeEffectifsEtablissement",
    "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "nombrePeriodesEtablissement",
    "complementAdresseEtablissement",
    "numeroVoieEtablissement",
    "indiceRepetitionEtablissement",
    "dernierNumeroVoieEtablissement",
    "indiceRepetitionDernierNumeroVoieEtablissement",
    "typeVoieEtablissement",
    "libelleVoieEtablissement",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement",
    "codeCommuneEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "codePaysEtrangerEtablissement",
    "libellePaysEtrangerEtablissement",
    "identifiantAdresseEtablissement",
    "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement",
    "dateDebut",
    "etatAdministratifEtablissement",
    "enseigne1Etablissement",
    "enseigne2Etablissement",
    "enseigne3Etablissement",
    "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
    "activitePrincipaleNAF25Etablissement",
]
UNITS = [
    "siren",
    "statutDiffusionUniteLegale",
    "unitePurgeeUniteLegale",
    "dateCreationUniteLegale",
    "sigleUniteLegale",
    "sexeUniteLegale",
    "prenom1UniteLegale",
    "prenomUsuelUniteLegale",
    "pseudonymeUniteLegale",
    "identifiantAssociationUniteLegale",
    "trancheEffectifsUniteLegale",
    "dateDernierTraitementUniteLegale",
    "nombrePeriodesUniteLegale",
    "categorieEntreprise",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "denominationUniteLegale",
    "denominationUsuelle1UniteLegale",
    "denominationUsuelle2UniteLegale",
    "denominationUsuelle3UniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
    "nicSiegeUniteLegale",
    "economieSocialeSolidaireUniteLegale",
    "activitePrincipaleNAF25UniteLegale",
]


def establishment(siret: str, **values: str) -> dict[str, str]:
    """An active establishment of music in the commune 99101, but for `values`, whose names lack
    the ending that the file gives to each."""
    usual = {
        "statutDiffusion": "O",
        "dateCreation": "2015-03-01",
        "numeroVoie": "12",
        "typeVoie": "RUE",
        "libelleVoie": "INVENTEE",
        "codePostal": "99000",
        "libelleCommune": "AILLEURS",
        "codeCommune": "99101",
        "etatAdministratif": "A",
        "enseigne1": "STUDIO INVENTE",
        "activitePrincipale": "59.20Z",
        "nomenclatureActivitePrincipale": "NAFRev2",
        "activitePrincipaleNAF25": "59.20Y",
    }
    given = {f"{name}Etablissement": value for name, value in (usual | values).items()}
    given["dateDebut"] = given.pop("dateDebutEtablissement", "2015-03-01")
    return {"siren": siret[:9], "nic": siret[9:], "siret": siret, **given}


def unit(siren: str, **values: str) -> dict[str, str]:
    """A company, but for `values`, named as for an establishment."""
    usual = {"statutDiffusion": "O", "categorieJuridique": "5499", "etatAdministratif": "A"}
    return {
        "siren": siren,
        **{f"{name}UniteLegale": value for name, value in (usual | values).items()},
    }


def written(
    path: Path, columns: Iterable[str], rows: Iterable[dict[str, str]], *, zipped: bool = False
) -> Path:
    plain = path.with_suffix(".csv")
    with plain.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    if not zipped:
        return plain
    with ZipFile(path.with_suffix(".zip"), "w", ZIP_DEFLATED) as archive:
        archive.write(plain, plain.name)
    plain.unlink()
    return path.with_suffix(".zip")


def many(count: int, *, wanted_every: int) -> Iterator[dict[str, str]]:
    """So many establishments, of which one in `wanted_every` is music in the commune 99101."""
    for number in range(count):
        siret = numbered(numbered(f"99{number:06}") + "0001")
        if number % wanted_every == 0:
            yield establishment(siret, enseigne1=f"STUDIO INVENTE {number}")
        else:
            yield establishment(siret, codeCommune="98000", activitePrincipale="01.11Z")
