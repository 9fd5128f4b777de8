"""The photos of fiches: there for everybody as long as the fiche is published, and not a moment longer."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from initiatives.models import Photo


@require_safe
def photo(request, uuid, width):
    photos = Photo.objects.select_related("initiative", "actor")
    found = get_object_or_404(photos.only("uuid", "file", "width", "initiative__status", "actor__status"), uuid=uuid)
    is_public = found.fiche.is_published
    if width not in map(str, found.widths) or not (is_public or _may_see(request.user, found.fiche)):
        raise Http404
    path = found.path(width)
    try:
        stat = path.stat()
        content = path.read_bytes()
    except FileNotFoundError:  # the database was restored without its files
        raise Http404 from None
    # Asked again each time, so that a fiche that is archived or a photo that is removed disappears at once.
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type="image/webp")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if is_public else "private, no-cache"
    return response


def _may_see(user, fiche):
    """Whether this person is of the team and may see the fiche before everybody."""
    noun = fiche._meta.model_name
    return user.is_staff and any(user.has_perm(f"initiatives.{verb}_{noun}") for verb in ("view", "change"))
