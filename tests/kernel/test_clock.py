"""Which day and which moment it is, in life and in a demonstration."""

from datetime import UTC, date, datetime, timedelta

import time_machine

from diapason.kernel import clock

NIGHT = datetime(2019, 12, 31, 23, 30, tzinfo=UTC)


def test_the_day_is_the_one_of_the_territory(settings):
    settings.TIME_ZONE = "Europe/Paris"
    with time_machine.travel(NIGHT, tick=False):
        assert clock.today() == date(2020, 1, 1)
        assert clock.now() == NIGHT


def test_a_demonstration_keeps_its_day_and_the_hour(settings):
    settings.DEMONSTRATION, settings.DEMONSTRATION_DAY = True, "2018-05-02"
    with time_machine.travel(NIGHT, tick=False):
        assert clock.today() == date(2018, 5, 2)
        assert NIGHT - clock.now() == timedelta(days=(date(2020, 1, 1) - date(2018, 5, 2)).days)


def test_a_demonstration_without_a_day_lives_now(settings):
    settings.DEMONSTRATION, settings.DEMONSTRATION_DAY = True, ""
    with time_machine.travel(NIGHT, tick=False):
        assert clock.today() == date(2020, 1, 1)
