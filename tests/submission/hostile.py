"""Files that people send by mistake or on purpose: malformed, too big, disguised, indiscreet."""

import random
import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from tests.photos import encoded, jpeg, picture

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><script>alert(1)</script></svg>'
SECRET = b"43.296482N 5.36978E chez Madame Secret"


def exif(orientation=1, gps=True):
    data = Image.Exif()
    data[ExifTags.Base.Orientation] = orientation
    data[ExifTags.Base.ImageDescription] = SECRET.decode()
    data[ExifTags.Base.Make] = "Appareil-espion"
    if gps:
        place = data.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (43.0, 17.0, 47.3)
        place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (5.0, 22.0, 11.2)
    return data


def indiscreet():
    """Pictures that say more than they show: name → bytes. None of it may be kept."""
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    texts = PngInfo()
    texts.add_text("Comment", SECRET.decode())
    texts.add_text("XML:com.adobe.xmp", xmp.decode(), zip=True)
    texts.add_itxt("Location", SECRET.decode())
    return {
        "jpeg with gps, xmp and a comment": jpeg(exif=exif(), xmp=xmp, comment=SECRET),
        "jpeg with a thumbnail of what was cut off": jpeg(exif=exif().tobytes() + jpeg((160, 120), comment=SECRET)),
        "png with texts and exif": encoded(picture(), "PNG", pnginfo=texts, exif=exif()),
        "webp with exif and xmp": encoded(picture(), "WEBP", exif=exif(), xmp=xmp),
        "jpeg with html in its comment": jpeg(comment=SCRIPT),
        "jpeg then html": jpeg() + SCRIPT,
        "jpeg then zip": jpeg() + archive(),
        "png then zip": encoded(picture(), "PNG") + archive(),
        "webp then html": encoded(picture(), "WEBP") + SCRIPT,
        "png with a chunk of its own": with_chunk(encoded(picture(), "PNG"), b"prVt", SECRET),
        "jpeg then php": jpeg() + b"<?php system($_GET['c']); ?>",
    }


def archive():
    buffer = BytesIO()
    with ZipFile(buffer, "w") as file:
        file.writestr("index.html", SCRIPT + SECRET)
    return buffer.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(png, kind, data):
    """The same PNG with a chunk more, after its header."""
    return png[:33] + chunk(kind, data) + png[33:]


def png_of(width, height, depth=8, colour=2, data=b"", *chunks):
    """A PNG that says it is so large, whatever it holds."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = b"".join(chunks) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


def said_larger(width, height):
    """A JPEG whose header lies."""
    content = jpeg()
    start = content.index(b"\xff\xc0") + 5
    return content[:start] + struct.pack(">HH", height, width) + content[start + 4 :]


def webp_of(width, height, kind=b"VP8X"):
    if kind == b"VP8X":
        body = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    else:
        body = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    body = kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def animated(kind):
    frames = [picture((300, 200)), picture((300, 200)).rotate(180), picture((300, 200)).rotate(90)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def with_scans(number):
    """A progressive JPEG whose last scan is there again and again: each one costs the time of the whole picture."""
    content = encoded(picture().convert("L"), progressive=True)
    last = content[content.rfind(b"\xff\xda") : -2]
    return content[:-2] + last * number + content[-2:]


def bombs():
    zeros = zlib.compress(bytes(50_000_000), 9)
    return {
        "png of a billion pixels": png_of(31_623, 31_623),
        "png as large as a png can be": png_of(2**31 - 1, 2**31 - 1),
        "png of 26 million pixels": encoded(Image.new("L", (6500, 4000)), "PNG"),
        "png one line too long": png_of(2**31 - 1, 1),
        "png of no width": png_of(0, 400),
        "png whose text swells": with_chunk(encoded(picture(), "PNG"), b"zTXt", b"Comment\0\0" + zeros),
        "png whose profile swells": with_chunk(encoded(picture(), "PNG"), b"iCCP", b"icc\0\0" + zeros),
        "png whose itxt swells": with_chunk(encoded(picture(), "PNG"), b"iTXt", b"Comment\0\1\0\0\0" + zeros),
        "png that holds more than it says": png_of(300, 200, 8, 2, zeros),
        "jpeg of 4 billion pixels": said_larger(65_500, 65_500),
        "jpeg of 51 million pixels": said_larger(8500, 6000),
        "jpeg of no height": said_larger(640, 0),
        "jpeg of a thousand scans": with_scans(1000),
        "webp as large as a webp can be": webp_of(2**24, 2**24),
        "webp of 268 million pixels": webp_of(16_384, 16_384, b"VP8L"),
        "webp of 30 million pixels": encoded(Image.new("L", (7500, 4000)), "WEBP", method=0),
        "animated gif": animated("GIF"),
        "animated png": animated("PNG"),
        "animated webp": animated("WEBP"),
        "heavier than a photo may be": jpeg() + bytes(15_000_001),
    }


def not_photos():
    """What is no JPEG, PNG or WebP, under any name: name → (bytes, a word of the sentence that refuses it)."""
    small = picture((300, 200))
    return {
        "empty": (b"", "vide"),
        "text": (b"Bonjour, voici ma photo.", "pas une photo"),
        "html": (b"<!doctype html>" + SCRIPT, "pas une photo"),
        "html with a drawing": (b"<html><body>" + SVG, "SVG"),
        "svg": (SVG, "SVG"),
        "svg with a prologue": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- ' + b"x" * 500 + b" -->" + SVG, "SVG"),
        "svg in utf-16": (SVG.decode().encode("utf-16"), "pas une photo"),
        "gzipped svg": (b"\x1f\x8b\x08\0" + bytes(40), "pas une photo"),
        "pdf": (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF"),
        "gif": (encoded(small, "GIF"), "GIF"),
        "gif and javascript": (b"GIF89a/*" + bytes(20) + b"*/=alert(1)//", "GIF"),
        "tiff": (encoded(small, "TIFF"), "TIFF"),
        "tiff of a mac": (b"MM\0*" + bytes(60), "TIFF"),
        "bmp": (encoded(small, "BMP"), "BMP"),
        "ico": (encoded(small, "ICO"), "pas une photo"),
        "jpeg 2000": (encoded(small, "JPEG2000"), "JPEG 2000"),
        "avif": (encoded(small, "AVIF"), "AVIF"),
        "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200), "HEIC"),
        "heic of another brand": (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicMiPr" + bytes(200), "HEIC"),
        "live photo": (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(200), "vidéo"),
        "film": (b"\0\0\0\x18ftypisom\0\0\0\1isomavc1" + bytes(200), "vidéo"),
        "jpeg xl": (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(50), "JPEG XL"),
        "photoshop": (b"8BPS\0\1" + bytes(60), "Photoshop"),
        "zip": (archive(), "pas une photo"),
        "program": (b"\x7fELF\2\1\1" + bytes(60), "pas une photo"),
        "windows program": (b"MZ\x90\0" + bytes(60), "pas une photo"),
        "ppm": (encoded(small, "PPM"), "pas une photo"),
        "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "pas une photo"),
        "zeros": (bytes(4096), "pas une photo"),
        "wav": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), "pas une photo"),
        "html that begins with a byte of jpeg": (b"\xff\xd8" + SCRIPT, "pas une photo"),
        "html that begins as a jpeg": (b"\xff\xd8\xff" + SCRIPT * 40, "abîmée"),
        "html that begins as a png": (b"\x89PNG\r\n\x1a\n" + SCRIPT * 40, "abîmée"),
        "html that begins as a webp": (b"RIFF\xff\xff\0\0WEBPVP8 " + SCRIPT * 40, "abîmée"),
        "begins as a webp and stops": (b"RIFF\0\0\0\0WEBP", "abîmée"),
        "begins as a jpeg and stops": (b"\xff\xd8\xff", "abîmée"),
        "begins as a png and stops": (b"\x89PNG\r\n\x1a\n", "abîmée"),
        "tiny": (jpeg((40, 30)), "trop petite"),
        "one pixel": (encoded(Image.new("RGB", (1, 1)), "PNG"), "trop petite"),
    }


def whole_pictures():
    """One picture of each format and colour, for the cuts and the flips."""
    return {
        "jpeg": jpeg(exif=exif()),
        "progressive jpeg": jpeg(progressive=True),
        "cmyk jpeg": encoded(picture(mode="CMYK")),
        "grey jpeg": encoded(picture(mode="L")),
        "png": encoded(picture(), "PNG"),
        "palette png": encoded(picture(mode="P"), "PNG"),
        "transparent png": encoded(picture(mode="RGBA"), "PNG"),
        "16-bit png": encoded(sixteen_bits(), "PNG"),
        "webp": encoded(picture(), "WEBP", exif=exif()),
        "lossless webp": encoded(picture(mode="RGBA"), "WEBP", lossless=True),
    }


def sixteen_bits():
    return picture(mode="L").convert("I").point(lambda value: value * 257).convert("I;16")


def malformed(seed=2026):
    """Some 180 of them: cut anywhere, with bytes changed, pieces swapped, repeated or taken out. Always the same."""
    chance = random.Random(seed)
    for name, content in whole_pictures().items():
        for number in range(6):
            yield f"{name} cut {number}", content[: chance.randrange(3, len(content))]
        for number in range(6):
            changed = bytearray(content)
            for _ in range(chance.choice((1, 3, 30, 300))):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            yield f"{name} changed {number}", bytes(changed)
        for number in range(2):
            start = chance.randrange(len(content) // 2)
            end = start + chance.randrange(1, len(content) // 3)
            yield f"{name} with a hole {number}", content[:start] + content[end:]
            yield f"{name} with a piece twice {number}", content[:end] + content[start:]
        changed = bytearray(content)
        for place in range(min(64, len(changed))):
            changed[place] = chance.choice((changed[place], 0, 255))
        yield f"{name} with a spoilt head", bytes(changed)
        half = len(content) // 2
        yield f"{name} backwards", content[half:] + content[:half]
