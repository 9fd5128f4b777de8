"""The threshold of the deposit: three doors, what is asked, how long the team takes, what is public."""

from django.shortcuts import render

from initiatives.directory.counts import list_url
from initiatives.models import Initiative, ModerationRules
from initiatives.models.vocabulary import Stage


def deposit(request):
    published = Initiative.objects.published()
    context = {
        "rules": ModerationRules.current(),
        "initiatives_count": published.count(),
        "starting_count": published.filter(stage=Stage.EMERGENCE).count(),
        "starting_url": list_url(etape=Stage.EMERGENCE),
    }
    return render(request, "deposit/deposit.html", context)
