"""What was published or changed lately."""

from itertools import groupby

from django.db.models import F
from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.listing import page_size, paginate
from initiatives.models import Initiative

CHANGED = 10


def news(request):
    """The published fiches day by day; beside the first page, those that changed since."""
    ignored = []
    published = Initiative.objects.published()
    size = page_size(request.GET, ignored)
    latest = published.order_by(F("published_at").desc(), "sort_key", "pk").with_card_details()
    page = paginate(request.GET, latest, ignored, size)
    days = groupby(dress(page.object_list), key=lambda row: timezone.localdate(row.published_at))
    changed = published.filter(modified_at__gt=F("published_at")).order_by("-modified_at", "pk")
    context = {
        "page": page,
        "days": [{"day": day, "rows": list(rows)} for day, rows in days],
        "changed": changed[:CHANGED] if page.number == 1 else [],
        "base": f"{request.path}?par_page={size}" if size else request.path,
        "canonical": request.path if page.number == 1 else f"{request.path}?page={page.number}",
        "ignored": ignored,
    }
    return render(request, "pages/news.html", context)
