"""The library's form for a passkey, in our words."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A key with a name its holder recognises, as a passkey unless they say otherwise."""

    passwordless = forms.BooleanField(
        label=_("Use it alone, without the password"),
        help_text=_("Recommended. It then asks for your fingerprint, face or PIN."),
        required=False,
        initial=True,
    )
