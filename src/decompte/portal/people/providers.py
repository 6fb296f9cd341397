"""Sign-in through others: OpenID Connect providers that a host lists in a file.

The file is a JSON list; each provider has `id`, `name`, `server` (its issuer), `client_id` and
`secret_file`, and may have `scope` and `auth_params`. See `docs/operations/settings.md`.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("id", "name", "server", "client_id", "secret_file")


def read(path: str) -> list[dict[str, Any]]:
    """Return the providers of a file as the library wants them; none without a file.

    Raises:
        ImproperlyConfigured: a provider lacks something, named here.
    """
    if not path:
        return []
    listed = json.loads(Path(path).read_text())
    problems = [
        f"provider {place}: {name} is missing"
        for place, one in enumerate(listed, start=1)
        for name in NEEDED
        if not one.get(name)
    ]
    if problems:
        raise ImproperlyConfigured(f"{path}: " + "; ".join(problems))
    return [_app(one) for one in listed]


def origins(apps: list[dict[str, Any]]) -> list[str]:
    """Return the origins that a sign-in form may lead to."""
    parts = (urlsplit(one["settings"]["server_url"]) for one in apps)
    return [f"{part.scheme}://{part.netloc}" for part in parts]


def _app(one: dict[str, Any]) -> dict[str, Any]:
    said = {"server_url": one["server"], "oauth_pkce_enabled": True}
    for name in ("scope", "auth_params"):
        if name in one:
            said[name] = one[name]
    return {
        "provider_id": one["id"],
        "name": one["name"],
        "client_id": one["client_id"],
        "secret": Path(one["secret_file"]).read_text().strip(),
        "settings": said,
    }
