"""Fields of the observatory that are about nobody."""

NOT_PERSONAL: dict[str, str] = {}
