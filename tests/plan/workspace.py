"""Visiting the workspace's pages in tests."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils.translation import override

LANGUAGES = ["fr", "en"]


def address(name: str, *args: Any, language: str = "en") -> str:
    with override(language):
        return reverse(f"plan:{name}", args=args)


def signed(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()
