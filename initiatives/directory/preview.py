"""A public page that is shown before its time: what it says of itself, and where it stands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from initiatives.models import Photo


@dataclass(frozen=True)
class Preview:
    """What a page says above the fiche, in ``components/preview.html``.

    ``sentences``: what the fiche is, what it lacks. ``back``: (address, words), None inside another page
    (``is_embedded``), where there is neither menu nor foot. ``photo_addresses``: for the photos that have no public
    address yet, the address of each width. ``is_owned``, ``signed_by``: what will be so once it is published.
    """

    title: str
    sentences: tuple[str, ...] = ()
    back: tuple[str, str] | None = None
    is_embedded: bool = False
    photo_addresses: dict[UUID, Callable[[int], str]] = field(default_factory=dict)
    is_owned: bool = False
    signed_by: str = ""

    def photos(self, photos) -> list[Photo]:
        """The same ones, each at the address where who sees the preview finds it."""
        photos = list(photos)
        for photo in photos:
            photo.seen_at = self.photo_addresses.get(photo.uuid)
        return photos


def frame_of(preview: Preview | None) -> str:
    """The template that surrounds the page."""
    return "embedded.html" if preview and preview.is_embedded else "base.html"
