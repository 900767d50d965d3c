"""Fields of the directory that are about nobody."""

NOT_PERSONAL = {
    "directory.ApiToken.name": "names a program of an organisation",
    "directory.Commune.name": "names a municipality",
    "directory.Activity.label": "names a trade in an official list",
}
