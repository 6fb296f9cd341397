"""`python -m tests.rivals.lost CUTS SEED`: commits whose answer is lost, on a server of its own."""

import os
import subprocess
import sys
from urllib.parse import unquote, urlsplit

from tests import postgresql

DJANGO = {"DECOMPTE_DEMONSTRATION": "1", "DJANGO_SETTINGS_MODULE": "decompte.portal.settings"}


def main():
    """Start a server, make its tables, and run `tests.rivals.ambiguous` against it."""
    address, _stop = postgresql.start()
    environment = {
        **os.environ,
        **DJANGO,
        "DECOMPTE_DATABASE": address,
        "DECOMPTE_DATABASE_ROLE": postgresql.ROLE,
    }
    migrate = [sys.executable, "-m", "decompte.cli", "manage", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=environment, check=True)
    folder = unquote(urlsplit(address).netloc.split("@")[1])
    command = [sys.executable, "-m", "tests.rivals.ambiguous", folder, *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
