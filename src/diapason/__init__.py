"""Diapason: the software that a territory runs its creative-industries action plan on."""
