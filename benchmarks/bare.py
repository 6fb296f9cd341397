"""A bare Django page to measure by: one template, no middleware, no session, no database."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = "<!doctype html><title>{{ title }}</title>{% for n in rows %}<p>{{ n }}</p>{% endfor %}"


def page(_request: HttpRequest) -> HttpResponse:
    """Answer a page of forty lines."""
    shown = {"title": "Bare", "rows": range(40)}
    return HttpResponse(engines["django"].from_string(PAGE).render(shown))


urlpatterns = [path("", page)]
settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="measured",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
application = get_wsgi_application()
