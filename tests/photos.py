"""Pictures for the tests, and photos with their files."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from initiatives.submission.images import store_photo


def picture(size=(640, 400), mode="RGB"):
    """Red on the left, blue on the right, a yellow corner at the top left: one sees how it lies."""
    image = Image.new("RGB", size, (200, 30, 40))
    draw = ImageDraw.Draw(image)
    draw.rectangle((size[0] // 2, 0, *size), fill=(30, 40, 200))
    draw.rectangle((0, 0, size[0] // 4, size[1] // 4), fill=(230, 210, 40))
    return image.convert(mode)


def encoded(image, kind="JPEG", **options):
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(size=(640, 400), **options):
    return encoded(picture(size), **options)


def upload(content=None, name="photo.jpg"):
    return SimpleUploadedFile(name, jpeg() if content is None else content)


def with_files(factory, size=(640, 400), **values):
    """A photo whose files are there: ``with_files(PhotoFactory, initiative=…)``."""
    stored = store_photo(upload(jpeg(size)))
    return factory(file=stored.name, width=stored.width, height=stored.height, **values)
