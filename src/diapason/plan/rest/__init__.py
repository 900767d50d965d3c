"""The plan over HTTP, for programs: the same figures as the pages, from the same functions."""

from diapason.plan.rest.routes import router

__all__ = ["router"]
