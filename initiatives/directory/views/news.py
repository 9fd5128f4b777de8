"""What was published or changed lately."""

from itertools import groupby

from django.db.models import F
from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.listing import paginate
from initiatives.models import Initiative


def news(request):
    ignored = []
    recent = Initiative.objects.published()
    page = paginate(
        request.GET, recent.order_by(F("published_at").desc(), "sort_key", "pk").with_card_details(), ignored
    )
    rows = dress(page.object_list)
    days = [
        {"day": day, "rows": list(group)}
        for day, group in groupby(rows, key=lambda row: timezone.localdate(row.published_at))
    ]
    return render(request, "pages/news.html", {"page": page, "days": days, "ignored": ignored})
