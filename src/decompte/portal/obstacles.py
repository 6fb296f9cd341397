"""What keeps the portal from starting on a machine, told in a sentence before it begins."""

import errno
import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

from decompte.errors import Text

FOLDER = Text(
    fr="impossible d'écrire dans {folder} ({why}) : donnez à DECOMPTE_VAR un dossier à vous",
    en="cannot write in {folder} ({why}): set DECOMPTE_VAR to a folder of your own",
)
TAKEN = Text(
    fr="un autre programme utilise déjà {address}:{port} : PORT=9000 choisit un autre port",
    en="another program uses {address}:{port} already: PORT=9000 chooses another port",
)
NOT_ALLOWED = Text(
    fr="le port {port} est réservé à l'administrateur : PORT=9000 en choisit un autre",
    en="port {port} is the administrator's: PORT=9000 chooses another",
)
EMPTY = Text(
    fr="{folder} n'a pas encore de base de données : `decompte manage demonstration` en fait une "
    "avec des personnes inventées, `decompte manage migrate` une vide",
    en="{folder} has no database yet: `decompte manage demonstration` makes one with invented "
    "people, `decompte manage migrate` an empty one",
)
CAUSES = {errno.EADDRINUSE: TAKEN, errno.EACCES: NOT_ALLOWED}


def obstacle(environment: Mapping[str, str], *, is_serving: bool) -> Text | None:
    """Return what keeps the portal from starting, or None.

    Args:
        environment: the settings, `DECOMPTE_…` and `PORT`.
        is_serving: whether it is to answer on its port, on a database that is there.
    """
    folder = Path(environment.get("DECOMPTE_VAR", "var")).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return FOLDER.fill(folder=folder, why=os.strerror(error.errno or errno.EIO))
    if not is_serving:
        return None
    if "DECOMPTE_DATABASE" not in environment and not (folder / "decompte.sqlite3").exists():
        return EMPTY.fill(folder=folder)
    return _unbound(environment)


def _unbound(environment: Mapping[str, str]) -> Text | None:
    """Return why the address cannot be listened at; of what is no number the server tells."""
    address, port = environment.get("DECOMPTE_BIND", "127.0.0.1"), environment.get("PORT", "8000")
    if not port.isdecimal():
        return None
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, int(port)), family=family).close()
    except (OSError, OverflowError) as error:
        told = CAUSES.get(getattr(error, "errno", None) or 0)
        return told.fill(address=address, port=port) if told else None
    return None
