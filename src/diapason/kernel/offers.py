"""What the ground floor itself keeps about people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from diapason.kernel import drafts
from diapason.kernel.models import Draft, Progress
from diapason.kernel.registries import (
    Concerned,
    LegalBasis,
    PersonalData,
    PersonalRecords,
    personal_data,
    personal_records,
)

personal_data.add(
    "kernel.draft",
    PersonalData(
        model="kernel.Draft",
        fields=("owner", "data"),
        purpose=_("Lose nothing of what was typed in a form before it is sent."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_("Until the form is sent, 30 days at most."),
        concerned=Concerned.ANYBODY,
    ),
)
personal_data.add(
    "kernel.file",
    PersonalData(
        model="kernel.StoredFile",
        fields=("name", "content"),
        purpose=_("Keep the documents on which a record rests."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_("As long as the record that refers to it; one day once none does."),
        concerned=Concerned.ANYBODY,
    ),
)
personal_data.add(
    "kernel.progress",
    PersonalData(
        model="kernel.Progress",
        fields=("owner",),
        purpose=_("Show the person how far the job that they asked for has got."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_("7 days."),
        concerned=Concerned.ACCOUNT,
    ),
)
personal_data.add(
    "kernel.audit",
    PersonalData(
        model="pghistory.Context",
        fields=("metadata",),
        purpose=_("Know who did what, when, from which network and why."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_(
            "As long as the record; the account's number names nobody once the account is erased."
        ),
        concerned=Concerned.ANYBODY,
    ),
)
personal_data.add(
    "kernel.letter",
    PersonalData(
        model="procrastinate.ProcrastinateJob",
        fields=("args",),
        purpose=_("Send the letters that a deed calls for."),
        legal_basis=LegalBasis.PUBLIC_TASK,
        retention=_("Until the letter has left; 30 days where it could not be sent."),
        concerned=Concerned.ANYBODY,
    ),
)


def _owner(user: Any) -> str:
    return f"account:{user.pk}"


def _export(user: Any) -> dict[str, Any]:
    kept = Draft.objects.filter(owner=_owner(user)).order_by("form")
    return {
        "drafts": [
            {"form": draft.form, "typed": draft.data, "saved_at": draft.updated_at.isoformat()}
            for draft in kept
        ]
    }


def _erase(user: Any) -> None:
    drafts.forget(_owner(user))
    Progress.objects.filter(owner=_owner(user)).delete()


personal_records.add("kernel.forms", PersonalRecords(export=_export, erase=_erase))
