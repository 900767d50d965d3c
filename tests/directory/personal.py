"""Fields of the directory that are about nobody."""

NOT_PERSONAL = {
    "directory.ApiToken.name": "names a program of an organisation",
    "directory.Commune.name": "names a municipality",
    "directory.Organisation.name": "names a structure, a legal person",
}
