"""The structures that words may mean, while they are typed or once they are: by what their names hold."""

from django.db.models import Case, When

from initiatives.text import sort_key

SHORTEST, MOST_WORDS, MOST_STRUCTURES = 2, 100, 8


def structures_named(model, words: str):
    """The published rows of this noun whose name holds these words, those that begin so first; a queryset, cut."""
    wanted = sort_key(words[:MOST_WORDS])
    if len(wanted) < SHORTEST:
        return model.objects.none()
    found = model.objects.published().filter(sort_key__contains=wanted)
    begins = Case(When(sort_key__startswith=wanted, then=0), default=1)
    return found.order_by(begins, "sort_key", "pk")[:MOST_STRUCTURES]
