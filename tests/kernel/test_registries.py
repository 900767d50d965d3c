"""What rooms offer to the common pages."""

from datetime import date
from types import SimpleNamespace

import pytest

from diapason.kernel.registries import (
    DayItem,
    NavigationItem,
    Panel,
    Registry,
    Shell,
    day_items,
    day_of,
    panels,
    panels_of,
)


def item(title: str, due: date | None = None) -> DayItem:
    return DayItem(title=title, url="/", act="Open", due=due)


def test_offers_come_by_order_then_key() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.add("b.two", 2)
    registry.add("c.first", 1, order=1)
    registry.add("a.three", 3)
    assert list(registry) == [1, 3, 2]
    assert registry["a.three"] == 3
    assert "a.three" in registry
    assert len(registry) == 3


def test_a_key_is_taken_once() -> None:
    registry: Registry[int] = Registry("numbers")
    registry.add("a.one", 1)
    with pytest.raises(ValueError, match=r"a\.one is already"):
        registry.add("a.one", 2)


@pytest.mark.parametrize("key", ["one", ".one", "a.", ""])
def test_a_key_names_its_room(key: str) -> None:
    with pytest.raises(ValueError, match=r"room\.name"):
        Registry[int]("numbers").add(key, 1)


def test_a_loan_ends_with_its_block_even_when_it_fails() -> None:
    registry: Registry[int] = Registry("numbers")
    seen: list[int] = []

    def fail() -> None:
        with registry.lent("a.one", 1):
            seen.extend(registry)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert seen == [1]
    assert list(registry) == []


def test_the_day_begins_with_what_is_due_first_and_ends_with_what_has_no_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Only the two sources below: those of the rooms ask the database.
    monkeypatch.setattr(day_items, "_offers", {})
    late, soon, some_day = (
        item("late", date(2020, 1, 2)),
        item("soon", date(2020, 1, 1)),
        item("some day"),
    )
    seen = []

    def first(user: object) -> list[DayItem]:
        seen.append(user)
        return [some_day, late]

    with day_items.lent("a.first", first), day_items.lent("b.second", lambda user: [soon]):
        found = [one for one in day_of("reader") if one in (late, soon, some_day)]
    assert found == [soon, late, some_day]
    assert seen == ["reader"]


def test_a_panel_shows_on_its_model_and_where_it_has_something_to_say() -> None:
    record = SimpleNamespace(_meta=SimpleNamespace(label_lower="room.case"))
    other = SimpleNamespace(_meta=SimpleNamespace(label_lower="room.other"))
    panel = Panel(
        model="room.Case",
        title="Grants",
        template="x.html",
        context=lambda record, user: {"user": user} if user == "insider" else None,
    )
    with panels.lent("test.grants", panel):
        assert panels_of(record, "insider") == [(panel, {"user": "insider"})]
        assert panels_of(record, "outsider") == []
        assert panels_of(other, "insider") == []


def test_a_link_of_the_portal_is_everybodys():
    with pytest.raises(TypeError, match="everybody"):
        NavigationItem(label="x", url_name="x", shell=Shell.PORTAL, permission="plan.load")
