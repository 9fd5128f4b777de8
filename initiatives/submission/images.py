"""From what a person sends to a photo that can be shown: checked, drawn anew, nothing kept of the file itself."""

import logging
import re
import threading
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageCms

from initiatives.models.photo import widths_of
from initiatives.submission import photo_files
from initiatives.submission.refusals import Refused
from initiatives.submission.uploads import DroppedFile

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_FILE_SIZE = 15 * 1000 * 1000  # bytes
# A JPEG is read at a half or a quarter of its size when it is large; the others are held whole, several times over.
MAX_PIXELS, MAX_PIXELS_HELD = 50_000_000, 25_000_000
MIN_SIDE = 200  # pixels, of the longer side
ORIGINAL_SIDE = 2400  # pixels, of the longer side: a page of A4 at 200 dots an inch
MAX_SCANS = 30  # a progressive JPEG has about ten; reading one takes as long as reading the whole picture
MAX_PROFILE_SIZE = 4 * 1000 * 1000  # bytes
PAPER = (252, 249, 243)  # --papier: what shows through is the page
QUALITY = 82

# Pillow checks it as well, before it decodes.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

SRGB = ImageCms.createProfile("sRGB")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What else people send, by its first bytes.
OTHER_FORMATS = {
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"%PDF": "PDF",
    b"8BPS": "Photoshop",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
}
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

# A marker of JPEG; between two of them, compressed data write FF as FF 00, or FF D0–D7 as a mark of their own.
MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])", re.DOTALL)
END_OF_IMAGE, START_OF_SCAN = 0xD9, 0xDA

log = logging.getLogger(__name__)
# A picture in the making takes up to 400 MB: one at a time in each process.
one_at_a_time = threading.Lock()


class RefusedImage(Refused):
    """This file does not become a photo; ``str(error)`` is a sentence that says why, and what to do."""


@dataclass(frozen=True)
class StoredPhoto:
    """A photo on the disk: ``name`` of its private original under MEDIA_ROOT, and the size of it in pixels."""

    name: str
    width: int
    height: int


def store_photo(upload) -> StoredPhoto:
    """Make a photo of an uploaded file and write it: a private original, and the widths that pages use.

    Its files are orphans until a row points to them: ``purge_files``. Raises ``RefusedImage``.
    """
    with one_at_a_time:
        picture = _picture(_content(upload))
        files = {"original.webp": _encoded(picture)}
        for width in widths_of(picture.width):
            files[f"{width}.webp"] = _encoded(_narrowed(picture, width))
    try:
        name = photo_files.write(files)
    except OSError as error:
        log.exception("a photo could not be written")
        raise RefusedImage(
            "La photo n’a pas pu être enregistrée, la place manque sans doute sur le serveur : "
            "réessayez plus tard, ou prévenez la personne qui s’occupe du site."
        ) from error
    return StoredPhoto(name, picture.width, picture.height)


def _content(upload):
    if isinstance(upload, DroppedFile):
        raise RefusedImage(upload.reason)
    upload.seek(0)
    content = upload.read(MAX_FILE_SIZE + 1)
    if len(content) > MAX_FILE_SIZE:
        size = MAX_FILE_SIZE // 1_000_000
        raise RefusedImage(f"Cette photo pèse plus de {size} Mo : réduisez-la, puis envoyez-la.")
    if refusal := _other_format(content):
        raise RefusedImage(refusal)
    return content


def _other_format(content):
    """Why what begins so is not even opened; empty for a JPEG, a PNG or a WebP, whatever the name of the file."""
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    if is_webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return ""
    if not content:
        return "Ce fichier est vide : choisissez une photo."
    if content[4:8] == b"ftyp":
        return _iso_media(content)
    name = next((name for start, name in OTHER_FORMATS.items() if content.startswith(start)), "")
    if not name and b"<svg" in content[:4096].lower():
        name = "SVG"
    if name:
        return f"Le format {name} n’est pas accepté : enregistrez l’image en JPEG, en PNG ou en WebP, puis envoyez-la."
    return "Ce fichier n’est pas une photo : envoyez une image JPEG, PNG ou WebP."


def _iso_media(content):
    """Photos of iPhones, AVIF and films begin alike: a brand tells them apart."""
    if b"avif" in content[8:64] or b"avis" in content[8:64]:
        return "Le format AVIF n’est pas accepté : enregistrez l’image en JPEG, en PNG ou en WebP, puis envoyez-la."
    if content[8:12] in HEIF_BRANDS:
        return (
            "Les photos HEIC ne sont pas acceptées : envoyez-la en JPEG. Sur un iPhone, choisissez « Le plus "
            "compatible » dans Réglages, Appareil photo, Formats ; ou ouvrez la photo et exportez-la en JPEG."
        )
    return "Ce fichier est une vidéo : envoyez une image JPEG, PNG ou WebP."


def _picture(content):
    """The picture itself: upright, eight bits, sRGB, on paper, of the size of an original."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata, of which nothing is kept
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as image:
                _check(image, content)
                return _drawn_anew(image)
    except RefusedImage:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RefusedImage(_too_large(MAX_PIXELS)) from error
    except Exception as error:
        # A decoder that is given anything raises anything: OSError, SyntaxError, struct.error, IndexError…
        log.info("image refused: %s", type(error).__name__)
        raise RefusedImage(
            "Cette image est abîmée ou incomplète : ouvrez-la, enregistrez-la de nouveau en JPEG, puis envoyez-la."
        ) from error


def _check(image, content):
    """By its header, before anything is decoded."""
    is_jpeg = image.format in ("JPEG", "MPO")
    limit = MAX_PIXELS if is_jpeg else MAX_PIXELS_HELD
    if image.width * image.height > limit:
        raise RefusedImage(_too_large(limit))
    if max(image.size) < MIN_SIDE:
        raise RefusedImage(
            f"Cette image est trop petite ({image.width} × {image.height} pixels) : "
            f"envoyez-en une d’au moins {MIN_SIDE} pixels de large ou de haut."
        )
    # MPO is what cameras of phones write: a JPEG followed by others, of which only the first is the photo.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise RefusedImage("Cette image est animée : envoyez une image fixe.")
    if is_jpeg and _scan_count(content) > MAX_SCANS:
        raise RefusedImage("Cette image est trop compliquée à lire : enregistrez-la de nouveau en JPEG.")


def _too_large(limit):
    most = limit // 1_000_000
    return f"Cette image est trop grande : {most} millions de pixels au plus. Réduisez-la, puis envoyez-la."


def _scan_count(content):
    count, position = 0, 2
    while (marker := MARKER.search(content, position)) and marker[1][0] != END_OF_IMAGE:
        count += marker[1][0] == START_OF_SCAN
        position = marker.end() + int.from_bytes(content[marker.end() : marker.end() + 2])
    return count


def _drawn_anew(image):
    # A large JPEG is decoded at a half, a quarter or an eighth, as long as it stays larger than the original we keep.
    image.draft(None, (ORIGINAL_SIDE, ORIGINAL_SIDE))
    image.load()
    turn, profile = _turn(image), image.info.get("icc_profile")
    image = _in_a_plain_mode(image)
    image.thumbnail((ORIGINAL_SIDE, ORIGINAL_SIDE), Image.Resampling.LANCZOS)
    colours = _in_srgb(image, profile)
    # A new picture: nothing that came with the file comes with it.
    picture = Image.new("RGB", image.size, PAPER)
    picture.paste(colours, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return picture if turn is None else picture.transpose(turn)


def _turn(image):
    """How to put it upright, as the camera says; None when it says nothing that can be read."""
    try:
        return TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception as error:
        log.info("orientation not read: %s", type(error).__name__)
        return None


def _in_a_plain_mode(image):
    """In grey, RGB or CMYK of eight bits, or in RGBA when something shows through."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image, profile):
    """Its colours in the space that every screen knows, read through their profile when it can be."""
    if image.mode == "RGBA":
        image = image.convert("RGB")
    if profile and len(profile) <= MAX_PROFILE_SIZE:
        try:
            return ImageCms.profileToProfile(image, BytesIO(profile), SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError) as error:
            log.info("colour profile not read: %s", type(error).__name__)
    return image.convert("RGB")


def _narrowed(picture, width):
    if width >= picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(picture):
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY)
    return buffer.getvalue()
