"""`python -m tests.browser.stack NUMBER`: a mixed stack of requests at LMDE, for whoever clears it.

Makes a new portal in DECOMPTE_VAR. Prints as JSON what an agent sees on the papers of each request
but a program does not: by reference, what is wrong with them, or nothing.
"""

import json
import os
import sys
from datetime import date, timedelta
from functools import lru_cache
from itertools import cycle, islice

os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from decompte.intake import door  # noqa: E402
from decompte.portal.agency.services import settle_request  # noqa: E402
from decompte.portal.people import services as people  # noqa: E402
from decompte.portal.people.scope import system  # noqa: E402
from decompte.portal.requests import services as requests  # noqa: E402
from tests import cast  # noqa: E402
from tests.browser.conftest import PASSWORD  # noqa: E402

STACK = (
    *("complete", "appeal", "unsigned", "duplicate", "complete", "post", "refuse", "complete"),
    *("complete", "post-complete"),
)
MEMBERS = 5
MD5 = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
_asked = lru_cache(door._asked)


def remembered(task, kinds, contents, *numbers):
    return _asked(task, tuple(kinds), tuple(contents), *numbers)


def make(kind, number, member):
    """Make one request of a kind and return it."""
    own = {
        "care_date": date(2014, 1, 6) + timedelta(days=number),
        "practitioner_number": f"1000{number:07d}",
        "pathway": "away-from-home",
    }
    if kind.startswith("post"):
        made = requests.begin(member, cast.visit(**own))
        assert requests.announce(made, "stack")
    elif kind == "duplicate":
        assert settle_request(cast.sent(member, **own), "stack")
        made = cast.sent(member, **own)
    else:
        made = cast.sent(member, **own)
    if kind == "appeal":
        assert settle_request(made, "stack")
        assert requests.appeal(made, "I paid more than that.", member.user)
    return made


def main():
    number = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    supervisor = people.create_account("supervisor@stack.example", PASSWORD)
    people.add_staff(supervisor, "lmde", "supervisor", "A Supervisor")
    settings.PASSWORD_HASHERS, door._asked = MD5, remembered
    members = [cast.student() for _n in range(min(number, MEMBERS))]
    told = {}
    with system("stack"):
        for place, (kind, member) in enumerate(zip(islice(cycle(STACK), number), cycle(members))):
            told[make(kind, place, member).reference] = kind
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
