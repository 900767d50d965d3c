"""Who may do what in the observatory. Enterprises answer by their link, without an account."""

from diapason.directory.api import is_manager, is_staff
from diapason.kernel.permissions import declare

declare(
    "observatory",
    {
        "observatory.record_answers": is_staff,
        "observatory.run_surveys": is_manager,
    },
)
