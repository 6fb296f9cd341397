"""Every address of the portal."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from decompte.portal.api import fhir
from decompte.portal.api.rest import api as rest
from decompte.portal.guide import pages as guide
from decompte.portal.people import openid
from decompte.portal.people import urls as people
from decompte.portal.people import views as people_views
from decompte.portal.registration import views as registration
from decompte.portal.requests.dashboard import dashboard
from decompte.portal.rights import views as rights
from decompte.portal.watch.metrics import metrics

member = ([path("", dashboard, name="dashboard"), *people.urlpatterns], "member")

handler500 = "decompte.portal.watch.failing.failed"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", registration.home, name="home"),
    path("guide/", guide.index, name="guide"),
    path("guide/", include("decompte.portal.guide.urls")),
    path("guide/<slug:topic>/", guide.topic, name="guide_topic"),
    path("", include("decompte.portal.public.urls")),
    path("language/", set_language, name="language"),
    path(
        "accounts/oidc/<str:provider_id>/login/callback/",
        openid.callback,
        name="openid_connect_callback",
    ),
    path("accounts/", include("allauth.urls")),
    path("member/", include(member)),
    path("member/data/", include("decompte.portal.rights.urls")),
    path("privacy/", rights.notice, name="privacy"),
    path("registration/", include("decompte.portal.registration.urls")),
    path("requests/", include("decompte.portal.requests.urls")),
    path("appointments/", include("decompte.portal.appointments.urls")),
    path("estimates/", include("decompte.portal.decisions.urls")),
    path("contribution/", include("decompte.portal.payments.paying_urls")),
    path("statements/", include("decompte.portal.payments.urls")),
    path("mailroom/", include("decompte.portal.mailroom.urls")),
    path("agency/", include("decompte.portal.agency.urls")),
    path("school/", include("decompte.portal.school.urls")),
    path("api/v1/", rest.urls),
    path("fhir", fhir.transaction),
    path("fhir/", include("decompte.portal.api.fhir_urls")),
    path("handovers/", include("decompte.portal.api.urls")),
    path("healthz", people_views.healthz),
    path("readyz", people_views.readyz),
    path("metrics", metrics),
]
