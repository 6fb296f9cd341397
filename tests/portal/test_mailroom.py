"""A stack of many people's posted requests is filed by its codes; what matches nothing waits."""

import os
import random
from io import BytesIO

import pypdfium2
import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from decompte.documents.cover import Cover, written
from decompte.documents.dossier import dossier_pdf
from decompte.errors import Refusal
from decompte.intake.door import Sheet
from decompte.portal.mailroom import services
from decompte.portal.mailroom.models import Page, Scan
from decompte.portal.mailroom.split import split
from decompte.portal.people.scope import AgencyScope, MemberScope, entered, system
from decompte.portal.requests import dossier, store
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import Request
from decompte.portal.requests.states import State
from tests import cast

pytestmark = pytest.mark.django_db
STACK = 30 if os.environ.get("DECOMPTE_TIER") == "1" else 12
SIZE = (827, 1169)
ROLES = Page.Role


def sheet(*codes, is_blank=False):
    return Sheet(
        b"", tuple(written(code) if isinstance(code, Cover) else code for code in codes), is_blank
    )


def letter(reference):
    return sheet(Cover(reference, ()))


def cover(reference, *kinds):
    return sheet(Cover(reference, kinds or ("care-form",)))


@pytest.mark.one_database
def test_a_stack_is_divided_by_letters_and_cover_sheets():
    pages = [
        letter("A"),
        cover("A"),
        sheet(),
        cover("B", "x", "y"),
        sheet(),
        sheet(is_blank=True),
        sheet(),
    ]
    first, second = split(pages)
    assert (first.reference, first.letters, first.covers, first.papers) == ("A", [0], [1], [2])
    assert (second.papers, second.blanks, second.kinds) == ([4, 6], [5], ("x", "y"))
    assert second.is_as_announced


def test_pages_before_the_first_code_belong_to_no_request():
    assert [bundle.reference for bundle in split([sheet(), sheet(), letter("A")])] == ["", "A"]


def test_a_cover_sheet_before_its_letter_is_one_envelope():
    assert len(split([cover("A"), letter("A"), sheet()])) == 1


def test_a_second_envelope_of_the_same_request_is_a_bundle_of_its_own():
    assert len(split([cover("A"), sheet(), letter("A"), cover("A"), sheet()])) == 2


def test_foreign_codes_on_papers_do_not_divide():
    pages = [cover("A", "x", "y"), sheet("DC03FR0000012A"), sheet("https://example.org")]
    (only,) = split(pages)
    assert only.papers == [1, 2]


@pytest.mark.one_database
@pytest.mark.parametrize("seed", range(20))
def test_every_page_is_in_exactly_one_bundle_and_one_role(seed):
    chance = random.Random(seed)
    kinds = (sheet(), sheet(is_blank=True), letter("A"), cover("A"), letter("B"), cover("B"))
    pages = [chance.choice(kinds) for _n in range(40)]
    places = [
        place
        for bundle in split(pages)
        for role in (bundle.letters, bundle.covers, bundle.papers, bundle.blanks)
        for place in role
    ]
    assert sorted(places) == list(range(40))


def announced(agency="lmde", **changes):
    with system("cast"):
        made = requests.begin(cast.student(agency), cast.visit(**changes))
        assert requests.announce(made, "cast")
    return made


def posted(made):
    """The pages that go into the envelope: letter, cover sheet, one page for each paper."""
    with system("cast"):
        printed = dossier_pdf(dossier.dossier(made, "fr"), lang="fr")
        kinds = [needed.kind for needed in requests.missing(made)]
    document = pypdfium2.PdfDocument(printed)
    pages = [document[n].render(scale=SIZE[1] / 842).to_pil().convert("RGB") for n in (0, 1)]
    return pages + [paper(f"{made.reference} {kind}") for kind in kinds]


def paper(text):
    return Image.open(BytesIO(cast.picture(size=SIZE, text=text))).convert("RGB")


def blank():
    return Image.new("RGB", SIZE, "white")


def scanned(pages):
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=100)
    return out.getvalue()


def take(data, agency="lmde", name="scan.pdf"):
    with entered(AgencyScope(agency)):
        return services.take(data, name, agency, "system")


def state(made):
    with system("test"):
        return Request.objects.get(pk=made.pk).state


@pytest.mark.one_database
def test_many_requests_in_one_stack_are_filed_without_a_mistake():
    made = [announced() for _n in range(STACK)]
    chance = random.Random(5)
    stack = [paper("a foreign page before everything")]
    for place, one in enumerate(made):
        pages = posted(one)
        if place % 3 == 0:
            pages = [page.rotate(180) for page in pages]
        if place % 4 == 1:
            pages = [page.rotate(chance.uniform(-4, 4), fillcolor="white") for page in pages]
        if place % 5 == 2:
            pages.insert(chance.randrange(2, len(pages)), blank())
        stack += pages
    unknown = Cover("ZZZZZZZZZZ", ("care-form",))
    stack += [_cover_picture(unknown), paper("of somebody unknown here")]
    scan, is_new = take(scanned(stack))
    with entered(AgencyScope("lmde")):
        counted = services.report(scan)
        waiting = {page.why for page in services.waiting()}
        assert is_new
        assert counted["pages"] == len(stack)
        assert (counted["requests"], counted["waiting"]) == (STACK, 2)
        assert waiting == {Page.Why.NO_COVER, Page.Why.UNKNOWN}
        for one in made:
            papers = requests.current_papers(one)
            pages = list(Page.objects.filter(request=one, role=ROLES.FILED))
            assert {page.kind for page in pages} == set(papers)
            assert {page.file_token for page in pages} == {p.file_token for p in papers.values()}
            with system("test"):
                assert requests.missing(Request.objects.get(pk=one.pk)) == []
        assert {state(one) for one in made} == {State.SUBMITTED}
        assert services.problems() == []


@pytest.mark.one_database
def test_a_scanned_page_that_is_lost_makes_verify_speak(capsys):
    take(scanned([paper("a page without a cover")]))
    with entered(AgencyScope("lmde")):
        page = services.waiting()[0]
    store.discard(page.file_token)
    with pytest.raises(SystemExit):
        call_command("verify")
    assert f"mailroom: {page.public_id} cannot be read" in capsys.readouterr().out


def _cover_picture(code):
    from_scan = BytesIO()
    segno.make(written(code), error="q").save(from_scan, kind="png", scale=6)
    page = paper("cover")
    page.paste(Image.open(from_scan).convert("RGB"), (300, 400))
    return page


def test_the_same_scan_twice_files_nothing_twice():
    made = announced()
    data = scanned(posted(made))
    first, is_new = take(data)
    again, is_new_again = take(data, name="other-name.pdf")
    assert (is_new, is_new_again, first.pk) == (True, False, again.pk)
    with system("test"):
        assert Page.objects.count() == first.page_count


def test_the_same_papers_scanned_again_wait_instead_of_being_filed_twice():
    made = announced()
    pages = posted(made)
    take(scanned(pages))
    scan, _new = take(scanned([*pages, blank()]))
    with entered(AgencyScope("lmde")):
        assert {page.why for page in services.waiting()} == {Page.Why.BEFORE}
        assert services.report(scan)["filed"] == 0


@pytest.mark.one_database
def test_a_missing_page_lets_the_request_arrive_and_its_papers_wait():
    made = announced()
    scan, _new = take(scanned(posted(made)[:-1]))
    with entered(AgencyScope("lmde")):
        assert {page.why for page in services.waiting()} == {Page.Why.NUMBER}
        assert {page.request_id for page in services.waiting()} == {made.pk}
        assert services.report(scan)["waiting"] > 0
    assert state(made) == State.SUBMITTED


def test_another_agencys_request_is_not_filed_here():
    made = announced("smerep")
    take(scanned(posted(made)), "lmde")
    with entered(AgencyScope("lmde")):
        assert {page.why for page in services.waiting()} == {Page.Why.UNKNOWN}
    assert state(made) == State.ANNOUNCED


def test_a_scan_belongs_to_its_agency_and_to_no_member():
    made = announced()
    take(scanned([paper("foreign"), *posted(made)]))
    with entered(AgencyScope("smerep")):
        assert not Scan.objects.exists()
        assert not Page.objects.exists()
    with entered(MemberScope(made.member_id)):
        assert not Scan.objects.exists()
        assert set(Page.objects.values_list("request", flat=True)) == {made.pk}


@pytest.fixture
def waiting_page():
    take(scanned([paper("foreign")]))
    with system("test"):
        return Page.objects.get()


def test_an_agent_files_a_waiting_page(client, waiting_page):
    made = announced()
    client.force_login(cast.staff("lmde"))
    path = reverse("mailroom:settle", args=[waiting_page.public_id])
    filed = {"reference": made.reference.lower(), "kind": "care-form"}
    assert client.post(path, filed).status_code == 302
    assert client.post(path, filed).status_code == 302
    with system("test"):
        assert list(requests.current_papers(made)) == ["care-form"]
        assert Page.objects.get().role == ROLES.FILED
    assert state(made) == State.SUBMITTED


@pytest.mark.one_database
@pytest.mark.parametrize(
    "wrong", [{}, {"reference": "XXXX", "kind": "care-form"}, {"aside": "1", "note": " "}]
)
def test_a_page_is_not_settled_by_nonsense(client, waiting_page, wrong):
    client.force_login(cast.staff("lmde"))
    path = reverse("mailroom:settle", args=[waiting_page.public_id])
    assert client.post(path, wrong).status_code == 422
    with system("test"):
        assert Page.objects.get().role == ROLES.WAITING


def test_a_page_set_aside_stays_with_its_scan(client, waiting_page):
    client.force_login(cast.staff("lmde"))
    path = reverse("mailroom:settle", args=[waiting_page.public_id])
    client.post(path, {"aside": "1", "note": "sent back to the sender"})
    with system("test"):
        page = Page.objects.get()
    assert (page.role, page.note) == (ROLES.ASIDE, "sent back to the sender")


def test_the_page_takes_scans_and_shows_what_waits(client):
    client.force_login(cast.staff("lmde"))
    data = scanned([paper("foreign")])
    files = [SimpleUploadedFile("a.pdf", data), SimpleUploadedFile("b.pdf", b"nonsense")]
    page = client.post(reverse("mailroom:mailroom"), {"file": files})
    assert page.status_code == 422
    content = client.get(reverse("mailroom:mailroom")).content.decode()
    with system("test"):
        public_id = Page.objects.get().public_id
    assert reverse("mailroom:picture", args=[public_id]) in content
    picture = client.get(reverse("mailroom:picture", args=[public_id]))
    assert Image.open(BytesIO(picture.content)).format == "JPEG"


@pytest.mark.parametrize("who", ["smerep", "finance", "member"])
def test_the_mailroom_is_closed_to_everybody_else(client, waiting_page, who):
    user = {
        "smerep": lambda: cast.staff("smerep"),
        "finance": lambda: cast.staff("lmde", "finance"),
        "member": lambda: cast.student().user,
    }[who]()
    client.force_login(user)
    for name in ("picture", "settle"):
        path = reverse(f"mailroom:{name}", args=[waiting_page.public_id])
        assert client.post(path, {"aside": "1", "note": "x"}).status_code == 404
    if who != "smerep":
        assert client.get(reverse("mailroom:mailroom")).status_code == 404


@pytest.mark.one_database
def test_the_command_files_scans_and_says_what_it_did(tmp_path, capsys):
    made = announced()
    scan = tmp_path / "stack.pdf"
    scan.write_bytes(scanned(posted(made)))
    call_command("mailroom", str(scan), agency="lmde")
    call_command("mailroom", str(scan), agency="lmde")
    said = capsys.readouterr().out.splitlines()
    assert "1 requests, 0 pages wait" in said[0]
    assert "nothing is filed twice" in said[1]
    assert state(made) == State.SUBMITTED


@pytest.mark.one_database
def test_the_command_files_the_others_when_one_scan_is_bad(tmp_path):
    made = announced()
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(scanned(posted(made)))
    bad.write_bytes(b"nonsense")
    with pytest.raises(CommandError) as refused:
        call_command("mailroom", str(bad), str(tmp_path / "none.pdf"), str(good), agency="lmde")
    assert refused.value.returncode == 2
    assert "none.pdf" in str(refused.value)
    assert state(made) == State.SUBMITTED


def test_a_broken_scan_leaves_nothing(db):
    with pytest.raises(Refusal):
        take(b"%PDF-1.7 broken")
    with system("test"):
        assert not Scan.objects.exists()
