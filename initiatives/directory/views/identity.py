"""``/id/<uuid>/``: the permanent address of a fiche leads to its page of today."""

from django.http import Http404
from django.shortcuts import redirect

from initiatives.directory.access import follow
from initiatives.models import Actor, FundingSource, Initiative


def identity(request, uuid):
    for noun in (Initiative, Actor, FundingSource):
        fiche = noun.objects.once_published().filter(uuid=uuid).first()
        if fiche:
            return redirect(follow(fiche))
    raise Http404
