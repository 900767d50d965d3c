"""Invented records of the front desk, made by the room's own actions."""

from diapason.desk.demonstration.cases import make_cases, make_contacts

__all__ = ["make_cases", "make_contacts"]
