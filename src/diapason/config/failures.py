"""What a command says when it cannot do what it was asked."""

from __future__ import annotations


class Failure(Exception):
    """The thing asked for could not be done; the message says why and what to do, in the chosen
    language. The command ends with exit code 1."""
