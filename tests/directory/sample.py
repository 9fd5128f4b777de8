"""A small directory: six fiches that concern Arles, or not, each in its way; and two that nobody may see."""

from initiatives.models.search_text import refresh_search_texts
from tests.directory.reading import read, words
from tests.factories import ActorFactory, InitiativeFactory, ThemeFactory


def make_directory(places):
    places.marseille_3.latitude, places.marseille_3.longitude = 43.3136, 5.3806
    places.marseille_3.save()
    food = ThemeFactory(name="Alimentation", slug="alimentation", own_cloth="alimentation")
    canteens = ThemeFactory(name="Cantines", slug="cantines", parent=food)
    housing = ThemeFactory(name="Habitat", slug="habitat", own_cloth="habitat")
    make = {"published": True}
    lead = ActorFactory(published=True, legal_form="scic")
    InitiativeFactory(
        **make,
        name="Cantine",
        themes=[canteens],
        sites=[places.arles],
        stage="developpement",
        lead=lead,
        start_year=2008,
    )
    InitiativeFactory(
        **make,
        name="Épicerie",
        themes=[food, housing],
        sites=[places.tarascon],
        coverage=[places.arles],
        stage="emergence",
    )
    InitiativeFactory(
        **make, name="Toits", themes=[housing], sites=[places.marseille_3], stage="essaimage", activity="en-sommeil"
    )
    InitiativeFactory(**make, name="Monnaie", coverage=[places.vaucluse, places.bouches_du_rhone])
    InitiativeFactory(**make, name="Réseau", themes=[food], coverage=[places.paca], stage="developpement")
    InitiativeFactory(
        **make, name="Four", themes=[food], sites=[places.valreas], activity="terminee", start_year=2014, end_year=2025
    )
    InitiativeFactory(name="Brouillon", themes=[food], sites=[places.arles])
    InitiativeFactory(archived=True, name="Archivée", themes=[food], sites=[places.arles])
    refresh_search_texts()
    return places


def found(client, query=""):
    """The names that the list of initiatives shows, in its order."""
    return [words(title) for title in read(client.get(f"/initiatives/?{query}")).select(".rang h3")]
