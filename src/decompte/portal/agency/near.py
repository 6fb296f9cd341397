"""Whom one is near to: staff say so themselves, and the file is closed to them at once."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.portal.agency.guard import able
from decompte.portal.people import conflicts
from decompte.portal.people import services as people
from decompte.portal.requests import worklists


class NearForm(forms.Form):
    """A member who is family, shares a flat, or is a friend."""

    reference = forms.CharField(
        label=gettext_lazy("Reference of one of their requests"),
        max_length=20,
        help_text=gettext_lazy("You need not open it: a colleague reads it to you."),
    )


@able("read")
def near(request: HttpRequest) -> HttpResponse:
    """Declare somebody near to oneself, and list whom one declared."""
    form = NearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = worklists.by_reference(form.cleaned_data["reference"])
        if found is None:
            form.add_error("reference", _("No request of your agency has this reference."))
        else:
            conflicts.declare(request.user, found.member, people.actor(request))
            messages.success(request, _("Their files are closed to you from now on."))
            return redirect("agency:near")
    return render(
        request,
        "agency/near.html",
        {"form": form, "declared": conflicts.declared(request.user)},
        status=422 if form.is_bound else 200,
    )
