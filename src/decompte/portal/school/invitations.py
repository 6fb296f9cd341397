"""The page an invitation opens: sign up or in, and the registration begins with what is known.

The page names the school and nobody: whoever finds the address learns nothing of the student.
"""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.people import services as people
from decompte.portal.people.templatetags.words import in_language
from decompte.portal.registration import enrolments, invitations


def open_invitation(request: HttpRequest, signed: str) -> HttpResponse:
    """Show an invitation, or take it with the account that is signed in."""
    found = invitations.invited_by(signed)
    school = enrolments.school_of(found.school) if found else None
    is_student = request.user.is_authenticated and not people.role_of(request)
    problems = []
    if request.method == "POST" and is_student:
        try:
            invitations.accept(signed, request.user)
        except Refusal as refusal:
            problems = [in_language(problem.message) for problem in refusal.problems]
        else:
            return redirect("registration:step", number=1)
    following = f"?{REDIRECT_FIELD_NAME}={request.path}"
    return render(
        request,
        "school/invitation.html",
        {
            "school": school,
            "is_student": is_student,
            "problems": problems,
            "sign_up": reverse("account_signup") + following,
            "sign_in": reverse("account_login") + following,
        },
        status=404 if school is None else 422 if problems else 200,
    )
