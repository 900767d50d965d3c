"""Forms of figures that people declare."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core import signing
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diapason.kernel import clock, files
from diapason.kernel.files import StoredFileField
from diapason.kernel.models import StoredFile
from diapason.plan.contracts import WORDS_AT_MOST
from diapason.plan.contracts.values import DeclaredValue
from diapason.plan.forms.numbers import AmountField
from diapason.plan.models import Indicator, Reading
from diapason.plan.queries.desk.readings import needs_denominator
from diapason.ui import formats
from diapason.ui.forms import DateInput

SALT = "plan.reading.document"


class DeclarationForm(forms.Form):
    """A figure of one indicator. An uploaded document outlives a form that is refused: it is kept,
    and a sealed reference to it travels in the form until the figure is sent."""

    value = AmountField(label=_lazy("Value"))
    denominator = AmountField(label=_lazy("Out of"))
    on = forms.DateField(label=_lazy("Date of the figure"), widget=DateInput())
    source = forms.CharField(
        label=_lazy("Where it comes from"),
        max_length=300,
        help_text=_lazy("The name of the report, register or survey, with its date."),
    )
    link = forms.URLField(
        label=_lazy("Link to the source"), required=False, max_length=500, assume_scheme="https"
    )
    document = StoredFileField(label=_lazy("Document"), required=False)
    document_kept = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_lazy("Note for the person who approves"),
        max_length=WORDS_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, indicator: Indicator, user: Any, **kwargs: Any) -> None:
        initial = {"request_key": uuid.uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.user = user
        self.indicator = indicator
        self._stored: StoredFile | None = None
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()
        unit = indicator.get_unit_display()
        if needs_denominator(indicator):
            self.fields["value"].label = _("How many")
            self.fields["value"].help_text = _("For example 12, out of 40.")
        else:
            del self.fields["denominator"]
            self.fields["value"].help_text = _("In %(unit)s. For example %(example)s.") % {
                "unit": unit,
                "example": formats.number(1234.5 if not indicator.unit_.counts_things else 12),
            }

    def declared(self) -> DeclaredValue:
        """What a valid form declares."""
        given = self.cleaned_data
        return DeclaredValue(
            value=given["value"],
            denominator=given.get("denominator"),
            on=given["on"],
            source=given["source"],
            link=given["link"],
            note=given["note"],
        )

    def attached(self) -> StoredFile | None:
        """The document of a form that is sent: the one just handed in, else the one kept.

        Side effects: stores the document where it was just handed in, once.
        """
        upload = getattr(self, "cleaned_data", {}).get("document")
        if upload is not None and self._stored is None:
            self._stored = files.store(upload)
        return self._stored or self.kept

    def keep_document(self) -> None:
        """Keep the document of a form that goes back to the person, so that nobody has to look
        for it again.

        Side effects: stores the document where it was just handed in, once.
        """
        document = self.attached()
        if document is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix("document_kept")] = self.sealed(document)
            self.kept = document

    def sealed(self, document: StoredFile) -> str:
        """A reference to a document that only this person can use."""
        return signing.dumps([str(document.pk), self.user.pk], salt=SALT, compress=True)

    @cached_property
    def kept(self) -> StoredFile | None:
        """The document kept from an earlier attempt, or that the figure had already."""
        token = self["document_kept"].value()
        if not token:
            return None
        try:
            key, owner = signing.loads(token, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        return StoredFile.objects.filter(pk=key).first() if owner == self.user.pk else None

    def start_from(self, reading: Reading) -> None:
        """Fill the form with what a reading says already."""
        self.initial |= {
            "value": reading.value,
            "denominator": reading.denominator,
            "on": reading.on,
            "source": reading.source,
            "link": reading.link,
            "note": reading.note,
        }
        if reading.document is not None:
            self.initial["document_kept"] = self.sealed(reading.document)
