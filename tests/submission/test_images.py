"""What people send becomes a clean photo or a sentence: never a crash, never the file itself."""

import errno
import re
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from PIL import Image, ImageCms

from initiatives.submission import images, photo_files
from initiatives.submission.images import PAPER, RefusedImage, StoredPhoto, store_photo
from initiatives.submission.uploads import DroppedFile
from tests.photos import encoded, jpeg, picture, upload
from tests.submission import hostile

pytestmark = pytest.mark.once

MALFORMED = dict(hostile.malformed())
NOT_PHOTOS = hostile.not_photos()
HOSTILE = hostile.bombs() | hostile.indiscreet()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED, BLUE, YELLOW = (200, 30, 40), (30, 40, 200), (230, 210, 40)


def written():
    """Everything under the folder of files, hidden or not."""
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def read(name):
    with Image.open(Path(settings.MEDIA_ROOT) / name) as image:
        image.load()
    return image


def close_to(pixel, wanted, by=24):
    return all(abs(one - other) <= by for one, other in zip(pixel, wanted, strict=True))


def assert_clean(stored, sent):
    """The photo is a folder of WebP files that hold a picture and nothing else."""
    folder = (Path(settings.MEDIA_ROOT) / stored.name).parent
    assert re.fullmatch(r"[0-9a-f]{32}", folder.name)
    original, *others = sorted(folder.iterdir(), key=lambda path: path.name != "original.webp")
    assert read(original).size == (stored.width, stored.height)
    assert others
    for path in (original, *others):
        content = path.read_bytes()
        # One chunk, lossy and opaque, which ends the file: no place for metadata, nor for anything after them.
        assert (content[:4], content[8:16]) == (b"RIFF", b"WEBPVP8 ")
        size = int.from_bytes(content[16:20], "little")
        assert len(content) == 20 + size + size % 2 == 8 + int.from_bytes(content[4:8], "little")
        assert content != sent
        image = read(path)
        assert (image.format, image.mode) == ("WEBP", "RGB")
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        for trace in (hostile.SECRET, hostile.SCRIPT, b"Appareil-espion", b"Exif", b"PK\3\4", b"<?php"):
            assert trace not in content
    assert max(read(original).size) <= images.ORIGINAL_SIDE


def assert_photo_or_sentence(content):
    """Returns the sentence, or None when it became a photo."""
    before = written()
    try:
        stored = store_photo(upload(content))
    except RefusedImage as refusal:
        assert written() == before
        sentence = str(refusal)
        assert re.fullmatch(r"[A-ZÉ].{20,300}\.", sentence)
        assert not re.search(r"error|image file|cannot|None|Traceback", sentence)
        return sentence
    assert_clean(stored, content)
    return None


def test_there_are_250_of_them():
    assert len(MALFORMED) + len(HOSTILE) + len(NOT_PHOTOS) == 250


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_picture_is_refused_or_drawn_anew(name):
    assert_photo_or_sentence(MALFORMED[name])


@pytest.mark.parametrize("name", hostile.bombs())
def test_a_bomb_is_refused_or_defused(name):
    sentence = assert_photo_or_sentence(HOSTILE[name])

    if "million" in name or "billion" in name or "large" in name:
        assert "trop grande" in sentence
    if "swells" not in name and "holds more" not in name:
        assert sentence


@pytest.mark.parametrize("name", hostile.indiscreet())
def test_what_a_picture_says_beside_what_it_shows_is_lost(name):
    sent = HOSTILE[name]
    assert any(trace in sent for trace in (hostile.SECRET, hostile.SCRIPT, b"PK\3\4", b"<?php"))

    assert assert_photo_or_sentence(sent) is None


@pytest.mark.parametrize("name", NOT_PHOTOS)
def test_what_is_not_a_photo_is_refused_in_a_sentence(name):
    content, words = NOT_PHOTOS[name]

    assert words in assert_photo_or_sentence(content)


@pytest.mark.parametrize("name", ["gif", "tiff", "avif", "heic", "svg", "bmp"])
def test_a_format_that_is_refused_comes_with_a_way_out(name):
    assert "JPEG" in assert_photo_or_sentence(NOT_PHOTOS[name][0])


def test_the_name_of_the_file_counts_for_nothing():
    for name in ("photo.exe", "../../secret-key", "photo.svg", "<script>.jpg", "a" * 300 + ".gif", "\0.png"):
        stored = store_photo(upload(encoded(picture(), "PNG"), name))
        assert re.fullmatch(r"photos/[0-9a-f]{32}/original\.webp", stored.name)
    with pytest.raises(RefusedImage, match="SVG"):
        store_photo(upload(hostile.SVG, "photo.jpg"))


@hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\2\0\0WEBPVP8X"]))
@example(b"", b"")
def test_any_bytes_give_a_photo_or_a_sentence(rest, start):
    assert_photo_or_sentence(start + rest)


WHOLE = hostile.whole_pictures()


@hypothesis(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=8),
)
def test_any_flipped_bits_give_a_photo_or_a_sentence(name, flips):
    content = bytearray(WHOLE[name])
    for place, bit in flips:
        content[int(place * len(content))] ^= 1 << bit
    assert_photo_or_sentence(bytes(content))


# What the photo looks like


@pytest.mark.parametrize("name", WHOLE)
def test_each_kind_of_picture_keeps_what_it_shows(name):
    stored = store_photo(upload(WHOLE[name]))

    image = read(stored.name)
    assert image.size == (640, 400)
    left, right = image.getpixel((40, 350)), image.getpixel((600, 350))
    if "grey" in name or "16-bit" in name:
        assert left != right
    else:
        by = 50 if "cmyk" in name or "palette" in name else 24
        assert close_to(left, RED, by), left
        assert close_to(right, BLUE, by), right


def test_sixteen_bits_become_eight_without_burning():
    shades = Image.new("I;16", (300, 200))
    for x in range(300):
        for y in range(200):
            shades.putpixel((x, y), x * 218)

    image = read(store_photo(upload(encoded(shades, "PNG"))).name)

    assert [round(image.getpixel((x, 100))[0] / 10) for x in (10, 150, 290)] == [1, 13, 25]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_upright_however_the_camera_was_held(orientation, kind):
    turned = picture()
    if orientation > 1:  # as the camera wrote it: the opposite of what puts it upright
        turned = turned.transpose(
            {
                Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
                Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
            }.get(images.TURNS[orientation], images.TURNS[orientation])
        )

    stored = store_photo(upload(encoded(turned, kind, exif=hostile.exif(orientation))))

    image = read(stored.name)
    assert image.size == (640, 400)
    assert close_to(image.getpixel((40, 40)), YELLOW)
    assert close_to(image.getpixel((40, 350)), RED)
    assert close_to(image.getpixel((600, 350)), BLUE)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_means_nothing_is_ignored(orientation):
    assert store_photo(upload(jpeg(exif=hostile.exif(orientation)))).width == 640


def test_what_shows_through_is_the_paper():
    for mode, options in (("RGBA", {}), ("LA", {}), ("P", {"transparency": 0})):
        image = Image.new(mode, (300, 200))
        stored = store_photo(upload(encoded(image, "PNG", **options)))
        assert close_to(read(stored.name).getpixel((150, 100)), PAPER, 4), mode


def test_half_of_a_veil_is_half_paper():
    stored = store_photo(upload(encoded(Image.new("RGBA", (300, 200), (0, 0, 0, 128)), "PNG")))

    assert close_to(read(stored.name).getpixel((150, 100)), [value // 2 for value in PAPER], 4)


def test_colours_are_read_through_their_profile():
    # A space whose first number is that of blue.
    upside_down = SRGB.replace(b"rXYZ", b"?XYZ", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"?XYZ", b"bXYZ", 1)

    for mode, kind in (("RGB", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("P", "PNG"), ("RGB", "WEBP")):
        sent = encoded(picture(mode=mode), kind, icc_profile=SRGB)
        assert close_to(read(store_photo(upload(sent)).name).getpixel((40, 350)), RED, 50), (mode, kind)
        sent = encoded(picture(mode=mode), kind, icc_profile=upside_down)
        assert close_to(read(store_photo(upload(sent)).name).getpixel((40, 350)), RED[::-1], 50), (mode, kind)


@pytest.mark.parametrize("profile", [b"x", b"\0" * 128, b"acsp" * 200, bytes(range(256)) * 40])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_broken_profile_is_ignored(profile, mode):
    assert store_photo(upload(encoded(picture(mode=mode), icc_profile=profile))).width == 640


def test_a_profile_of_another_kind_of_colours_is_ignored():
    for mode in ("CMYK", "L"):
        assert store_photo(upload(encoded(picture(mode=mode), icc_profile=SRGB))).width == 640


def test_a_photo_of_a_phone_that_holds_two_keeps_the_first():
    both = encoded(picture(), "MPO", save_all=True, append_images=[picture().rotate(180)])

    assert close_to(read(store_photo(upload(both)).name).getpixel((40, 350)), RED)


# Sizes


@pytest.mark.parametrize(
    ("sent", "kept", "widths"),
    [
        ((640, 400), (640, 400), {480: (480, 300), 960: (640, 400)}),
        ((480, 300), (480, 300), {480: (480, 300)}),
        ((200, 120), (200, 120), {480: (200, 120)}),
        ((960, 640), (960, 640), {480: (480, 320), 960: (960, 640)}),
        ((4800, 3600), (2400, 1800), {480: (480, 360), 960: (960, 720), 1440: (1440, 1080)}),
        ((1500, 3000), (1200, 2400), {480: (480, 960), 960: (960, 1920), 1440: (1200, 2400)}),
        ((5000, 3), (2400, 2), {480: (480, 1), 960: (960, 1), 1440: (1440, 1)}),
        ((3, 5000), (1, 2400), {480: (1, 2400)}),
    ],
)
def test_a_photo_is_there_in_the_widths_that_pages_use_and_never_enlarged(sent, kept, widths):
    stored = store_photo(upload(jpeg(sent)))

    assert (stored.width, stored.height) == kept
    assert read(stored.name).size == kept
    files = [path.name for path in written()]
    assert sorted(files) == sorted(["original.webp", *(f"{width}.webp" for width in widths)])
    for width, size in widths.items():
        assert read(photo_files_name(stored, width)).size == size


def photo_files_name(stored, width):
    return Path(stored.name).with_name(f"{width}.webp")


def test_the_largest_photo_that_is_accepted_is():
    assert store_photo(upload(encoded(Image.new("L", (8000, 6250)), quality=10))).width == 2400


def test_as_many_scans_as_programs_write_are_accepted():
    assert assert_photo_or_sentence(hostile.with_scans(10)) is None


# Writing


def test_two_photos_never_have_the_same_name():
    assert store_photo(upload()).name != store_photo(upload()).name


def test_a_disk_that_is_full_is_said_and_leaves_nothing(monkeypatch):
    def full(path, content):
        if path.name == "960.webp":
            raise OSError(errno.ENOSPC, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(photo_files, "_write_to_disk", full)

    with pytest.raises(RefusedImage, match="la place manque"):
        store_photo(upload())
    assert not list((Path(settings.MEDIA_ROOT) / "photos").iterdir())


def test_a_folder_that_is_a_file_is_said(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("")

    with pytest.raises(RefusedImage, match="n’a pas pu être enregistrée"):
        store_photo(upload())


KILLED = """
import os, sys, django
from django.conf import settings
django.setup()
settings.MEDIA_ROOT = sys.argv[1]
from initiatives.submission import photo_files, images
from tests.photos import upload
write = photo_files._write_to_disk
def write_then_die(path, content):
    write(path, content)
    if path.name != "original.webp":
        os.kill(os.getpid(), 9)
photo_files._write_to_disk = write_then_die
images.store_photo(upload())
"""


def test_a_kill_leaves_no_half_photo():
    """A process is killed at the second file: the folder has not taken its name."""
    command = [sys.executable, "-c", KILLED, str(settings.MEDIA_ROOT)]

    assert subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True).returncode == -9

    assert [path.name for path in written()] == ["480.webp", "original.webp"]
    [left] = (Path(settings.MEDIA_ROOT) / "photos").iterdir()
    assert left.name.startswith(".")


def test_several_at_once_do_not_mix():
    results = []
    sizes = [(640, 400), (300, 200), (960, 640), (480, 480)]
    threads = [
        threading.Thread(target=lambda size=size: results.append((size, store_photo(upload(jpeg(size))))))
        for size in sizes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sizes) == sorted(size for size, _ in results)
    for size, stored in results:
        assert (stored.width, stored.height) == size == read(stored.name).size


def test_a_file_is_read_from_its_beginning():
    file = BytesIO(jpeg())
    file.seek(500)

    assert isinstance(store_photo(file), StoredPhoto)


def test_a_file_that_was_dropped_on_its_way_says_why():
    with pytest.raises(RefusedImage, match="^Trop lourd.$"):
        store_photo(DroppedFile("photo.jpg", "image/jpeg", "Trop lourd."))
