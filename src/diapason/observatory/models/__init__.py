"""The observatory's tables."""

from diapason.observatory.models.answers import Answer
from diapason.observatory.models.campaigns import Campaign, Invitation

__all__ = ["Answer", "Campaign", "Invitation"]
