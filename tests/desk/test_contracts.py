"""The words of the front desk's lists."""

from __future__ import annotations

from django.utils.translation import override

from diapason.desk import contracts
from diapason.desk.contracts import Difficulty, Need, ReferralState, VisitState
from diapason.desk.models import Visit
from diapason.kernel.worded import Worded


def test_every_word_of_every_list_has_its_own_label() -> None:
    lists = [
        each
        for each in vars(contracts).values()
        if isinstance(each, type) and issubclass(each, Worded) and each is not Worded
    ]
    assert len(lists) > 8
    for each in lists:
        labels = [str(label) for _value, label in each.choices()]
        assert len(set(labels)) == len(labels)
        assert all(labels)


def test_the_same_word_in_two_lists_says_what_each_list_means() -> None:
    with override("en"):
        assert ReferralState.ACCEPTED.label == "Accepted"
        assert VisitState.ACCEPTED.label == "In the programme"
        assert Need.SKILLS.label == "Training"
        assert Difficulty.SKILLS.label == "Skills to acquire"


def test_a_visit_is_feminine_in_french_where_a_task_or_a_job_uses_the_same_word() -> None:
    with override("fr"):
        said = [
            str(one.label) for one in (VisitState.PLANNED, VisitState.DONE, VisitState.CANCELLED)
        ]
        assert said == ["Prévue", "Faite", "Annulée"]
        assert str(Visit._meta.get_field("done_on").verbose_name) == "faite le"
