"""A photo becomes a page: flattened, level, legible; or a kind refusal that says what to do."""

import resource
from io import BytesIO

import pytest
import segno
from PIL import Image, ImageDraw, ImageFilter

from decompte.errors import Refusal
from decompte.intake.door import examine, examine_all, sheets
from tests.cast import picture

TABLE = "#6b4a2b"


def written(image, kind="JPEG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def sheet(size=(1240, 1754)):
    made = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(made)
    for row in range(120, size[1] - 120, 50):
        pen.text((100, row), "Feuille de soins, acte G, 23,00 euros, Noa Berg", fill="#222")
        pen.text((100, row + 16), "27 rue Saint-Guillaume 75007 Paris", fill="#222", font_size=24)
    return made


def photo(tilt=6):
    table = Image.new("RGB", (2400, 3200), TABLE)
    lying = sheet().rotate(tilt, expand=True, fillcolor=TABLE, resample=Image.Resampling.BICUBIC)
    table.paste(lying, (400, 500))
    return table


def drawn(data, name="photo.jpg"):
    return Image.open(BytesIO(examine(data, name).pages[0]))


def code_of(image):
    with pytest.raises(Refusal) as refused:
        examine(written(image), "photo.jpg")
    return refused.value.problems[0]


def test_a_tilted_sheet_on_a_table_becomes_a_flat_page():
    page = drawn(written(photo()))
    assert abs(page.width / page.height - 1240 / 1754) < 0.03
    corners = [page.getpixel((x, y)) for x in (12, page.width - 12) for y in (12, page.height - 12)]
    assert all(min(corner) > 200 for corner in corners), corners


def test_a_page_is_at_most_a4_at_150_dots_an_inch():
    page = drawn(written(sheet((3508, 2480))))
    assert (max(page.size), min(page.size)) <= (1754, 1240)


def test_a_tilted_scan_is_levelled():
    tilted = sheet().rotate(4, fillcolor="white", resample=Image.Resampling.BICUBIC)
    page = drawn(written(tilted)).convert("L")
    rows = [sum(page.getpixel((x, y)) < 128 for x in range(200, 500)) for y in range(300, 900)]
    assert min(rows) == 0, "between level lines there is white"


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (sheet().filter(ImageFilter.GaussianBlur(5)), "file.blurred"),
        (Image.new("RGB", (1240, 1754), "white"), "file.blank"),
        (sheet().point(lambda value: value // 8), "file.dark"),
        (sheet().resize((124, 175)), "file.small"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(image, code):
    problem = code_of(image)
    assert problem.code == code
    assert problem.message.fr
    assert problem.message.en


def test_a_photo_a_little_out_of_focus_is_taken():
    assert examine(written(sheet().filter(ImageFilter.GaussianBlur(1))), "a.jpg").pages


def test_several_photos_are_looked_at_together_and_keep_their_order():
    files = [(picture(text=f"page {n}"), f"{n}.jpg") for n in range(3)]
    examined = examine_all(files)
    assert [one.name for one in examined] == ["0.jpg", "1.jpg", "2.jpg"]
    assert all(len(one.pages) == 1 for one in examined)


def test_one_bad_photo_among_others_is_refused():
    with pytest.raises(Refusal):
        examine_all([(picture(), "a.jpg"), (b"nonsense", "b.jpg")])


def test_a_code_on_a_page_is_read_and_not_verified():
    page = sheet()
    code = BytesIO()
    segno.make("FR76 read, not verified").save(code, kind="png", scale=6)
    page.paste(Image.open(code).convert("RGB"), (700, 1200))
    assert examine(written(page), "rib.jpg").codes == (("FR76 read, not verified",),)


def test_position_and_author_are_not_in_what_is_shown():
    exif = Image.Exif()
    exif[0x013B], exif[0x0110] = "Noa Berg", "Phone"
    exif.get_ifd(0x8825)[1] = "N"
    pages = examine(written(sheet(), exif=exif), "a.jpg").pages
    assert not Image.open(BytesIO(pages[0])).getexif()
    assert b"Noa Berg" not in pages[0]


def test_a_photo_is_turned_as_the_phone_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = sheet().rotate(90, expand=True)
    page = drawn(written(sideways, exif=exif))
    assert page.height > page.width


def test_a_stack_is_read_a_few_pages_at_a_time():
    pages = [sheet() for _n in range(14)]
    pages[5] = Image.new("RGB", (1240, 1754), "white")
    stack = written(pages[0], "PDF", save_all=True, append_images=pages[1:])
    read = list(sheets(stack, "stack.pdf"))
    assert len(read) == 14
    assert [place for place, one in enumerate(read) if one.is_blank] == [5]


def test_ten_photos_become_pages_in_under_three_seconds_of_the_processor():
    files = [(written(photo()), f"{n}.jpg") for n in range(10)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    examine_all(files)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < 3, f"{used} s"
