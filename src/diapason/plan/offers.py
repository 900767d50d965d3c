"""What the plan offers to the common pages."""

from django.utils.translation import gettext_lazy as _

from diapason.kernel.registries import NavigationItem, Shell, navigation

navigation.add(
    "plan.screen",
    NavigationItem(label=_("The plan"), url_name="plan:screen", shell=Shell.PORTAL),
    order=10,
)
navigation.add(
    "plan.timeline",
    NavigationItem(label=_("Timeline"), url_name="plan:timeline", shell=Shell.PORTAL),
    order=11,
)
