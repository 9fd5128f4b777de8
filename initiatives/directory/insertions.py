"""What a text of the team may insert between braces: numbers and names that the site knows better than a text."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from initiatives.models import Actor, FundingSource, Initiative, ModerationRules
from initiatives.text import NO_BREAK, fold, grouped

# Days that make one, and its name: 1095 days are three years, 60 are two months, 10 are ten days.
UNITS = ((365, "an"), (30, "mois"), (1, "jour"))


@dataclass(frozen=True)
class NamedInsertion:
    """What « {name} » becomes. ``gives``: in words, for the help."""

    name: str
    gives: str
    make: Callable[[], SafeString]
    is_block: bool = False


def _count(model, noun, complement=""):
    def say():
        count = model.objects.published().count()
        return format_html("{} {}{}{}", grouped(str(count)), noun, "s" if count > 1 else "", complement)

    return say


def _mail():
    return format_html('<a href="mailto:{0}">{0}</a>', settings.CONTACT_EMAIL)


def _to_complete(said):
    return said or mark_safe('<span class="discret">à compléter par l’éditeur</span>')


def _publisher_in_a_sentence():
    return settings.PUBLISHER or mark_safe('L’éditeur (<span class="discret">à compléter</span>)')


def _where_to_write():
    if settings.CONTACT_EMAIL:
        return format_html("Écrivez à {}.", _mail())
    return mark_safe("L’adresse où écrire est à compléter par l’éditeur.")


def _how_to_reach_us():
    if settings.CONTACT_EMAIL:
        return format_html("écrivez à {}", _mail())
    return mark_safe("dites-le à l’éditeur ; son adresse est à compléter")


def _contact():
    if not settings.CONTACT_EMAIL:
        return mark_safe(
            '<div class="encadre"><p><strong>À compléter par l’éditeur.</strong> Ce site est une démonstration : '
            "aucune adresse n’a encore été donnée pour vous répondre.</p></div>"
        )
    publisher = f" ({settings.PUBLISHER})" if settings.PUBLISHER else ""
    return format_html("<p>Écrivez à {}{}.</p>", _mail(), publisher)


def duration(days: int) -> str:
    """So many days in words, by months and years when it is so: « 10 jours », « 6 mois », « 3 ans »."""
    length, unit = next(known for known in UNITS if days % known[0] == 0)
    count = days // length
    return f"{count}{NO_BREAK}{unit if count == 1 or unit == 'mois' else f'{unit}s'}"


def _days(name):
    """So many days, as the rules of moderation say."""
    return lambda: format_html("{}", duration(getattr(ModerationRules.current(), name)))


INSERTIONS = {
    fold(insertion.name): insertion
    for insertion in (
        NamedInsertion("nombre d’initiatives", "« 74 initiatives »", _count(Initiative, "initiative")),
        NamedInsertion("nombre d’acteurs", "« 135 acteurs »", _count(Actor, "acteur")),
        NamedInsertion(
            "nombre de financements",
            "« 30 sources de financement »",
            _count(FundingSource, "source", " de financement"),
        ),
        NamedInsertion("adresse du site", "son adresse publique", lambda: format_html("{}", settings.SITE_URL)),
        NamedInsertion(
            "nom de l’éditeur", "l’éditeur du site", lambda: format_html("{}", _to_complete(settings.PUBLISHER))
        ),
        NamedInsertion(
            "l’éditeur", "le même, pour commencer une phrase", lambda: format_html("{}", _publisher_in_a_sentence())
        ),
        NamedInsertion(
            "adresse de contact",
            "l’adresse électronique de contact, en lien",
            lambda: _mail() if settings.CONTACT_EMAIL else _to_complete(""),
        ),
        NamedInsertion("où écrire", "la phrase « Écrivez à … »", _where_to_write),
        NamedInsertion("comment nous joindre", "« écrivez à … », dans une phrase", _how_to_reach_us),
        NamedInsertion("délai de réponse", "« 10 jours » : règles de modération", _days("answer_days")),
        NamedInsertion("garde des brouillons", "« 2 mois » : règles de modération", _days("draft_days")),
        NamedInsertion("garde des refus", "« 6 mois » : règles de modération", _days("rejected_days")),
        NamedInsertion("garde des demandes", "« 3 ans » : règles de modération", _days("accepted_days")),
        NamedInsertion("bloc de contact", "le paragraphe qui donne l’adresse de contact", _contact, is_block=True),
    )
}
