"""Who may do what at the front desk; which cases each sees is narrowed in queries."""

from diapason.directory.api import is_manager, is_staff
from diapason.kernel.permissions import declare

declare(
    "desk",
    {
        "desk.choose_front_door": is_manager,
        "desk.follow_cases": is_staff,
        "desk.offer_support": is_staff,
        "desk.record_contact": is_staff,
        "desk.see_every_case": is_manager,
        "desk.visit": is_staff,
    },
)
