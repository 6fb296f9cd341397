"""What a page says when something failed: that it broke, or that what it needs is away."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from decompte.errors import Text
from decompte.portal.people.adapter import MailAwayError
from decompte.portal.people.openid import ProviderAwayError

RETRY_SECONDS = "30"
MAIL = Text(
    fr="Nous ne pouvons pas envoyer de courriel en ce moment", en="We cannot send mails just now"
)
RECORDS = Text(
    fr="Nos registres ne répondent pas en ce moment", en="Our records do not answer just now"
)
PROVIDER = Text(
    fr="Le service par lequel vous vous connectez ne répond pas en ce moment ; "
    "un mot de passe choisi ici fonctionne",
    en="The service you sign in with does not answer just now; a password chosen here works",
)
AWAY = {
    MailAwayError: MAIL,
    ProviderAwayError: PROVIDER,
    OperationalError: RECORDS,
    InterfaceError: RECORDS,
}


def failed(_request: HttpRequest) -> HttpResponse:
    """Answer for a page that did not end: 503 when what it needs is away, 500 for our own fault.

    Neither page asks the database for anything.
    """
    error = sys.exc_info()[1]
    for kind, what in AWAY.items():
        if isinstance(error, kind):
            page = render_to_string("away.html", {"what": what})
            headers = {"Retry-After": RETRY_SECONDS}
            return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
