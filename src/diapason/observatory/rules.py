"""Who may do what in the observatory. Enterprises answer by their link, without an account."""

from diapason.directory.api import Role, holding, is_manager
from diapason.kernel.permissions import declare

is_staff = holding(Role.ADVISOR, Role.PROGRAMME_MANAGER, Role.OPERATOR)

declare(
    "observatory",
    {
        "observatory.record_answers": is_staff,
        "observatory.run_surveys": is_manager,
    },
)
