"""What the observatory's pages have in common."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from diapason.observatory.models import Campaign
from diapason.observatory.queries import surveys


def survey_or_404(request: HttpRequest, pk: int) -> Campaign:
    found = surveys.survey_of(request.user, pk)
    if found is None:
        raise Http404
    return found


def title_of(survey: Campaign) -> str:
    return _("Survey about %(year)s") % {"year": survey.year}
