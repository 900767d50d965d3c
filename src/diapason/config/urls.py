"""Every address of the product, room by room. French has no prefix, English stands under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from diapason.config import api
from diapason.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *i18n_patterns(
        path("", include("diapason.kernel.urls")),
        path("api/", api.guide, name="api-guide"),
        path("", include("diapason.site.urls")),
        path("", include("diapason.plan.urls")),
        path("", include("diapason.desk.urls")),
        path("", include("diapason.observatory.urls")),
        path("", include("diapason.directory.urls")),
        path("", include("diapason.ui.urls")),
        path("accounts/", include("allauth.account.urls")),
        path("accounts/2fa/", include("allauth.mfa.urls")),
        prefix_default_language=False,
    ),
    path("api/", api.urls()),
]
