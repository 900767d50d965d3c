"""What the site itself puts in the navigation."""

from django.utils.translation import gettext_lazy as _

from diapason.kernel.registries import NavigationItem, navigation

navigation.add("site.day", NavigationItem(label=_("My day"), url_name="site:day"), order=0)
