"""Fields of the front desk that are about nobody."""

NOT_PERSONAL: dict[str, str] = {}
