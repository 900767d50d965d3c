"""Fields of the ground floor, and of the packages beneath it, that are about nobody."""

NOT_PERSONAL = {
    "kernel.Change.table_name": "names a table of the database",
}
