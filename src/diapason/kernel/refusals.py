"""How an action says no to a person, and makes one object of one form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from diapason.kernel import clock
from diapason.kernel.texts import TextField

FIRST_YEAR = 1990
Record = TypeVar("Record", bound=models.Model)


class Refusal(Exception):
    """An action that cannot be done, in words that say what to do instead.

    `message` is already in the reader's language (or lazily translated). `field` names the form
    field beside which to say it; empty, it stands above the form.
    """

    def __init__(self, message: Any, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class SentOtherwise(Refusal):
    """The form was sent before and said something else then: what it says now is not kept."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This form was already sent for something else, which is kept. Send it again to "
                "add what stands here."
            )
        )


def refuse_future(day: date | None, *, field: str) -> None:
    """Raise a Refusal for a day that is still to come."""
    if day is not None and day > clock.today():
        raise Refusal(_("The date lies in the future."), field=field)


def refuse_ancient(day: date, *, field: str) -> None:
    """Raise a Refusal for a day that no work of ours is of: a slip of the keyboard."""
    if day.year < FIRST_YEAR:
        raise Refusal(_("Choose a day from %(year)s on.") % {"year": FIRST_YEAR}, field=field)


def refuse_unsound(record: models.Model) -> None:
    """Raise a Refusal for the first field of the record that its own rules refuse.

    Only what people type: links between records come from the program, texts in every language
    from forms and files with checks of their own.
    """
    given = {
        field.name
        for field in record._meta.concrete_fields
        if field.is_relation or isinstance(field, TextField)
    }
    try:
        record.clean_fields(exclude=given)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refusal(messages[0], field=field) from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint by which the database refused; empty where it names none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


@contextmanager
def in_words(model: type[models.Model]) -> Iterator[None]:
    """Where the database refuses by a constraint of the model, say so in the constraint's words.

    For rules that only the database can hold against somebody acting in the same moment.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = constraint_of(error)
        for constraint in model._meta.constraints:
            if constraint.name == name:
                raise Refusal(constraint.violation_error_message) from error
        raise


def once(
    model: type[Record],
    request_key: UUID | None,
    make: Callable[[], Record],
    same: Callable[[Record], bool],
) -> Record:
    """What `make` adds, or what the same form added when it was sent before.

    `same` tells whether what is found under the key is what this form says: whoever goes back in
    their browser, or opens a draft twice, sends other words under the same key. Any number of
    requests with one key make one record, at once or one after the other. `make` runs in a
    transaction of its own: an action that writes nothing else needs none around it, and spares a
    savepoint. Raises SentOtherwise where the key belongs to something else.
    """

    def found() -> Record | None:
        record = model._default_manager.filter(request_key=request_key).first()
        if record is not None and not same(record):
            raise SentOtherwise
        return record

    if request_key is None:
        with in_words(model):
            return make()
    try:
        with in_words(model):
            return make()
    except (IntegrityError, Refusal):
        # The same form may have been sent before, or in the same moment and have been first. Asked
        # only now: most forms are sent once.
        if (before := found()) is not None:
            return before
        raise


def says(record: models.Model, **told: Any) -> bool:
    """Whether the record says all of that."""
    return all(getattr(record, name) == value for name, value in told.items())


def sent_for_something_else() -> str:
    """Why a form is refused whose key already belongs to another record."""
    return _("This form was already sent for something else. Open it anew.")
