"""Closed lists: a member is its value, and stands with its words."""

from __future__ import annotations

import copy
import pickle

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from diapason.kernel.worded import Worded


class Mood(Worded):
    GOOD = "good", _("Done")
    PLAIN = "plain", _("Not started")


def test_a_member_is_its_value_and_is_found_by_it() -> None:
    assert Mood("good") is Mood.GOOD
    assert Mood.GOOD == "good"
    assert f"{Mood.GOOD} {Mood.GOOD.value}" == "good good"
    assert [one.value for one in Mood] == ["good", "plain"]
    assert pickle.loads(pickle.dumps(Mood.GOOD)) is Mood.GOOD
    assert copy.deepcopy(Mood.PLAIN) is Mood.PLAIN


def test_no_list_of_any_room_keeps_the_words_of_one_language() -> None:
    lists = [each for each in Worded.__subclasses__() if each is not Mood]
    assert len(lists) > 30
    frozen = [one for each in lists for one in each if one.label and not is_lazy(one.label)]
    assert frozen == []


def is_lazy(words: object) -> bool:
    return isinstance(words, Promise)


def test_its_words_are_in_the_readers_language() -> None:
    with override("en"):
        assert [(value, str(label)) for value, label in Mood.choices()] == [
            ("good", "Done"),
            ("plain", "Not started"),
        ]
    with override("fr"):
        assert str(Mood.GOOD.label) != "Done"
