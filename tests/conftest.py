"""The strict harness: its own folder, the demonstration's day, no network."""

import os
import tempfile
from datetime import date
from pathlib import Path

os.environ["DECOMPTE_VAR"] = tempfile.mkdtemp(prefix="decompte-test-")
os.environ["DECOMPTE_DEMONSTRATION"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "decompte.portal.settings"
DAY = date(2014, 3, 20)

import django  # noqa: E402
import pytest  # noqa: E402
from django.utils import timezone  # noqa: E402

django.setup()
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def portal_day(settings):
    """The portal's clock stands at the demonstration's day."""
    settings.DAYS_BACK = (timezone.localdate() - DAY).days
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def shared():
    """The open data and hostile files beside the project; the test says so when they are absent."""
    if not SHARED.exists():
        pytest.skip("the shared data are not on this machine")
    return SHARED
