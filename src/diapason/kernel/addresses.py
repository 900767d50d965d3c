"""Addresses that nothing can have, refused before any page looks for them."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class LegibleAddresses:
    """Refuses (400) an address that holds a zero byte: no text of the database has one, and looking
    for it there would be taken for a fault of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or "\x00" in query or "%00" in query:
            raise BadRequest("an address holds no zero byte")
        return self.get_response(request)
