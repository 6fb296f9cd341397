"""OpenID Connect as FranceConnect asks for it: each sign-in has its nonce, user data may be signed.

What a provider says of a person beyond who they are there and their mail address is not kept.
"""

import secrets
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse

NONCE = "openid_nonce"
NONCE_BYTES = 32
SIGNED = "application/jwt"
ALGORITHMS = ("ES256", "RS256")
KEPT = ("sub", "email")
PATIENCE_SECONDS = 10


class ProviderAwayError(Exception):
    """The provider does not answer, or not with what it is."""


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Reads what a provider answers, and checks that it answers this browser's question."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself.

        Raises:
            ProviderAwayError: it does not answer.
        """
        try:
            read: dict[str, Any] = super().openid_config
        except OSError as error:  # every error of the library that asks is one
            raise ProviderAwayError from error
        return read

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(
                self.profile_url,
                headers={"Authorization": f"Bearer {access_token}"},
                timeout=PATIENCE_SECONDS,
            )
        answer.raise_for_status()
        is_signed = answer.headers.get("Content-Type", "").startswith(SIGNED)
        read: dict[str, Any] = self._verified(answer.text.strip()) if is_signed else answer.json()
        return read

    def _verified(self, written: str) -> dict[str, Any]:
        try:
            named = jwt.get_unverified_header(written).get("alg")
        except jwt.PyJWTError as error:
            raise OAuth2Error("the user data cannot be read") from error
        if named not in ALGORITHMS:
            raise OAuth2Error("the user data are not signed by a key")
        read: dict[str, Any] = jwtkit.verify_and_decode(
            credential=written,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=self.get_provider().app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return read

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        read: dict[str, Any] = super()._decode_id_token(app, id_token)
        if not secrets.compare_digest(
            str(read.get("nonce", "")), str(self.request.session.get(NONCE))
        ):
            raise OAuth2Error("the answer is for another question")
        return read


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """A provider that a host lists: the library's, with a nonce, and less that is kept."""

    package = "allauth.socialaccount.providers.openid_connect"  # whose addresses it has
    oauth2_adapter_class = Adapter

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Return what is asked beside the usual; one nonce a session, so two tabs do not clash."""
        asked: dict[str, str] = dict(super().get_auth_params_from_request(request, action))
        asked["nonce"] = request.session.setdefault(NONCE, secrets.token_urlsafe(NONCE_BYTES))
        return asked

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what is kept of what the provider said."""
        said = data.get("userinfo") or data.get("id_token") or data
        return {"userinfo": {name: said[name] for name in KEPT if name in said}}


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take who comes back from a provider."""
    try:
        view = OAuth2CallbackView.adapter_view(Adapter(request, provider_id))
        answer: HttpResponse = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer
