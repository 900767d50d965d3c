"""How an action says no."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from diapason.kernel.refusals import Refusal


def test_a_refusal_speaks_the_language_of_who_reads_it() -> None:
    refusal = Refusal(_("The file is empty."), field="document")
    assert str(refusal) == "The file is empty."
    with override("fr"):
        assert str(refusal) == "Le fichier est vide."
    assert refusal.field == "document"
    assert Refusal("no").field == ""
