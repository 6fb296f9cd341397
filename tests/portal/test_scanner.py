"""The virus scanner: what it finds is refused; while it does not answer, papers wait, unread."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from decompte.errors import Refusal
from decompte.intake import scanner
from decompte.portal.mailroom import services as mailroom
from decompte.portal.people.scope import system
from decompte.portal.requests import review, scanning, services
from tests import cast, clamd

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WAITS = ("down", "slow", "dies", "mumbles")
INFECTED = cast.picture() + clamd.EICAR


@pytest.fixture(autouse=True)
def short(settings):
    settings.CLAMD_SECONDS = 0.5


@pytest.fixture
def draft(settings):
    """A request whose papers were let in before there was a scanner."""
    return cast.draft(cast.student())


@pytest.fixture
def scanned(settings, tmp_path):
    """Run with a scanner that behaves in some manner: `scanned("slow")`."""
    opened = []

    def run(manner):
        stop()
        if manner == "down":
            settings.CLAMD = f"unix:{tmp_path}/nobody.sock"
            return
        opened.append(clamd.pretended(tmp_path, manner))
        settings.CLAMD = opened[-1].__enter__()

    def stop():
        if opened:
            opened.pop().__exit__(None, None, None)

    yield run
    stop()


def add(request, data=None):
    with system("test"):
        return services.add_paper(request, "care-form", data or cast.picture(), "a.jpg", "test")


def paper_of(request):
    with system("test"):
        return services.current_papers(request)["care-form"]


def test_a_clean_paper_is_received_and_an_infected_one_is_refused_and_not_kept(draft, scanned):
    scanned("answers")
    first = paper_of(draft)
    with pytest.raises(Refusal) as refused:
        add(draft, INFECTED)
    assert refused.value.problems[0].code == "file.infected"
    assert paper_of(draft).pk == first.pk
    assert add(draft, cast.picture(text="another")).state == "received"


@pytest.mark.parametrize("manner", WAITS)
def test_while_the_scanner_says_nothing_a_paper_waits_and_nobody_reads_it(
    draft, scanned, client, manner
):
    scanned(manner)
    paper = add(draft, cast.picture(text="waits"))
    assert paper.state == "waiting"
    client.force_login(draft.member.user)
    own = reverse("requests:paper_file", args=[draft.public_id, paper.public_id])
    assert client.get(own).status_code == 404
    assert "Being checked" in client.get(f"/requests/{draft.public_id}/").content.decode()
    with system("test"):
        assert services.submit(draft, "test")
        assert services.problems() == []
        for accept in (review.accept_papers, review.accept_paper):
            with pytest.raises(Refusal, match="virus scanner"):
                accept(draft if accept is review.accept_papers else paper, "test")
    client.force_login(cast.staff("lmde"))
    assert client.get(reverse("agency:page", args=[paper.public_id, 0])).status_code == 404
    assert client.get(reverse("agency:review", args=[draft.public_id])).status_code == 200


def test_a_paper_that_waited_goes_on_when_the_scanner_is_back(draft, scanned, client, capsys):
    scanned("down")
    paper = add(draft, cast.picture(text="waits"))
    call_command("scan")
    assert paper_of(draft).state == "waiting"
    scanned("answers")
    for _again in range(2):
        call_command("scan")
    assert "1 clean" in capsys.readouterr().out
    assert (paper_of(draft).state, paper_of(draft).page_count) == ("received", 1)
    client.force_login(draft.member.user)
    own = reverse("requests:paper_file", args=[draft.public_id, paper.public_id])
    assert client.get(own).content.startswith(b"%PDF")


def test_what_is_found_later_is_refused_with_a_reason_and_never_readable(draft, scanned):
    scanned("down")
    add(draft, INFECTED)
    scanned("answers")
    with system("test"):
        assert scanning.go_on() == {"clean": 0, "infected": 1, "waiting": 0}
        paper = paper_of(draft)
        assert (paper.state, paper.page_count) == ("refused", 0)
        assert "virus scanner" in paper.refusal
        assert services.paper_pages(paper) == []
        assert [one.kind for one in services.missing(draft)] == ["care-form"]


def test_a_paper_of_several_photos_is_looked_at_whole(draft, scanned):
    scanned("down")
    with system("test"):
        photos = [(cast.picture(), "a.jpg"), (INFECTED, "b.jpg")]
        services.add_photos(draft, "care-form", photos, "test")
        scanned("answers")
        assert scanning.go_on()["infected"] == 1


def test_the_upload_page_says_what_the_scanner_found(draft, scanned, client):
    scanned("answers")
    client.force_login(draft.member.user)
    page = client.post(
        reverse("requests:paper", args=[draft.public_id]),
        {"kind": "care-form", "file": SimpleUploadedFile("a.jpg", INFECTED)},
    )
    assert page.status_code == 422
    assert "virus scanner found something" in page.content.decode()


def test_a_scanned_stack_is_filed_only_after_the_scanner_answered(scanned):
    scanned("down")
    with system("test"):
        with pytest.raises(Refusal, match="nothing was filed"):
            mailroom.take(cast.picture(), "scan.jpg", "lmde", "test")
        assert mailroom.waiting() == []
        scanned("answers")
        assert mailroom.take(cast.picture(), "scan.jpg", "lmde", "test")[1]


def test_the_real_scanner_finds_the_test_virus_raw_and_in_allowed_files(tmp_path):
    with clamd.real(tmp_path) as address:
        if address is None:
            pytest.skip("clamd is not installed: apt-get install clamav-daemon")
        pdf = b"%PDF-1.4\n%" + clamd.EICAR + b"\n%%EOF"
        for data in (clamd.EICAR, INFECTED, pdf):
            assert "Eicar-Local" in scanner.found_in([data], address, seconds=20)
        assert scanner.found_in([cast.picture(), b"%PDF-1.4"], address, seconds=20) is None
