"""Asks people to show once more that it is them, before what must not happen behind their back.

The library asks for the password or a second factor. An account that has neither, because its
holder signs in through a provider, signs in again there.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from decompte.portal import clock

View = Callable[..., HttpResponse]


def shown_again(view: View) -> View:
    """Open a view to somebody who has shown a short while ago that it is them."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if get_reauthentication_flows(user):
            given: HttpResponse = reauthentication_required(view)(request, *args, **kwargs)
            return given
        if _signed_in_lately(request, user):
            return view(request, *args, **kwargs)
        where = urlencode({"next": request.get_full_path()})
        logout(request)
        return redirect(f"{reverse('account_login')}?{where}")

    return wrapped


def _signed_in_lately(request: HttpRequest, user: Any) -> bool:
    records = get_authentication_records(request, user)
    latest = max((one["at"] for one in records), default=0)
    return bool(clock.machine_seconds() - latest < app_settings.REAUTHENTICATION_TIMEOUT)
