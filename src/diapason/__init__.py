"""Diapason: the software that a territory runs its creative-industries action plan on."""

__version__ = "0.1.0"
