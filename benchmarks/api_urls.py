"""The portal's addresses, and an empty django-ninja operation beside them."""

from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI

from decompte.portal.urls import urlpatterns as portal

empty = NinjaAPI(urls_namespace="empty", docs_url=None, openapi_url=None)


@empty.post("/nothing")
def nothing(request: HttpRequest) -> dict[str, str]:
    """Answer nothing."""
    return {}


urlpatterns = [*portal, path("api/empty/", empty.urls)]
