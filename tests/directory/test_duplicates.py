"""Which fiches are shown as likely duplicates of another: measured on judged pairs, then case by case."""

import csv
import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.directory.duplicates import duplicates_of, likely_duplicates, remember_distinct
from initiatives.models import Actor, FundingSource, Initiative, NotDuplicate, Territory
from tests.factories import ActorFactory, FundingSourceFactory, InitiativeFactory, SiteFactory, UserFactory

MODELS = {"initiative": Initiative, "actor": Actor, "fundingsource": FundingSource}
FACTORIES = {Initiative: InitiativeFactory, Actor: ActorFactory, FundingSource: FundingSourceFactory}
PAIRS = Path(__file__).with_name("duplicates.csv")
REGION = Path(settings.BASE_DIR) / "fixtures" / "reference" / "territories" / "region-93"


def judged_pairs():
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def real_places(db):
    """The places that the pairs name, where they really are: key → territory."""
    keys = {key for pair in judged_pairs() for key in (pair["place"] + " " + pair["other_place"]).split()}
    made = {"pays-FR": Territory.objects.create(kind="pays", code="FR", name="France")}
    for code, name in (("93", "Provence-Alpes-Côte d’Azur"), ("94", "Corse")):
        made[f"reg-{code}"] = Territory.objects.create(kind="reg", code=code, name=name)
    with (REGION.parent / "departments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["region"] == "93":
                key = f"dep-{row['code']}"
                made[key] = Territory.objects.create(
                    kind="dep", code=row["code"], name=row["nom"], region=made["reg-93"]
                )
    with gzip.open(REGION.parent / "communes.csv.gz", "rt", encoding="utf-8", newline="") as file:
        communes = {row["code"]: row["nom"] for row in csv.DictReader(file)}
    with (REGION / "communes.csv").open(encoding="utf-8", newline="") as file:
        points = {
            row["code"]: {axis: float(row[axis]) for axis in ("latitude", "longitude")} for row in csv.DictReader(file)
        }
    for key in sorted(keys - {*made}, reverse=True):  # the communes before their arrondissements
        kind, code = key.split("-")
        commune = code if kind == "com" else "13055"
        made[key] = Territory.objects.create(
            kind=kind,
            code=code,
            name=communes[code] if kind == "com" else f"Marseille {int(code[-2:])}e arrondissement",
            **points[commune],
            department=made[f"dep-{code[:2]}"],
            region=made["reg-93"],
            commune=None if kind == "com" else made["com-13055"],
            is_unit=key != "com-13055",
        )
    return made


def make(model, places, **values):
    """A fiche of this noun, in these places."""
    towns = [place for place in places if place.kind in ("com", "arm")]
    wider = [place for place in places if place not in towns]
    if model is Initiative:
        return InitiativeFactory(sites=towns, coverage=wider, **values)
    if model is Actor:
        return ActorFactory(seat=towns[0] if towns else None, coverage=wider, **values)
    return FundingSourceFactory(territories=places, **values)


def names(found):
    return [likeness.fiche.name for likeness in found]


def test_the_rule_finds_what_people_judge_the_same_and_little_else(real_places):
    pairs = judged_pairs()
    assert len(pairs) >= 150
    missed, wrong, counts = [], [], {"oui": 0, "non": 0}
    for pair in pairs:
        model = MODELS[pair["noun"]]
        extra = {"siren": pair["other_siren"], "acronym": pair["other_acronym"]} if model is Actor else {}
        other = make(
            model,
            [real_places[key] for key in pair["other_place"].split()],
            name=pair["other_name"],
            website=pair["other_website"],
            **extra,
        )
        found = likely_duplicates(
            model,
            name=pair["name"],
            places=[real_places[key] for key in pair["place"].split()],
            website=pair["website"],
            siren=pair["siren"],
        )
        other.delete()
        counts[pair["same"]] += 1
        if bool(found) != (pair["same"] == "oui"):
            (wrong if found else missed).append(f"{pair['name']} / {pair['other_name']} ({pair['why']})")

    hits = counts["oui"] - len(missed)
    recall, precision = hits / counts["oui"], hits / (hits + len(wrong))
    confusion = "\n".join(
        [
            f"{hits} trouvés et {len(missed)} manqués sur {counts['oui']} doublons : rappel {recall:.3f}",
            f"{len(wrong)} signalés à tort sur {counts['non']} : précision {precision:.3f}",
            *(f"manqué : {pair}" for pair in missed),
            *(f"à tort : {pair}" for pair in wrong),
        ]
    )
    assert recall >= 0.95, confusion
    assert precision >= 0.95, confusion


def test_the_reasons_are_words_that_people_use(places):
    InitiativeFactory(name="Le Talus", sites=[places.marseille], website="https://www.letalus.fr/contact")

    def reasons(**asked):
        return [likeness.reasons for likeness in likely_duplicates(Initiative, **asked)]

    assert reasons(name="Le Talus", places=[places.marseille_1]) == [("même nom", "même commune")]
    assert reasons(name="Talus", places=[places.bouches_du_rhone]) == [("même nom", "même territoire")]
    assert reasons(name="Ferme Le Tallus", places=[places.marseille]) == [("nom proche", "même commune")]
    assert reasons(name="Autre chose", website="http://letalus.fr") == [("même site",)]
    assert reasons(name="Talus vert Solène", places=[places.marseille]) == [("un nom contient l’autre", "même commune")]


def test_a_distance_is_said_in_kilometres(real_places):
    make(Initiative, [real_places["com-13055"]], name="Le Talus")
    make(Initiative, [real_places["com-06088"]], name="Pain et Brioche")

    [near] = likely_duplicates(Initiative, name="Le Talus", places=[real_places["com-13005"]])
    assert near.reasons == ("même nom", "à 16\N{NO-BREAK SPACE}km")
    assert near.places == ["Marseille"]
    [far] = likely_duplicates(Initiative, name="Pain et Brioche", places=[real_places["com-13055"]])
    assert far.reasons == ("même nom", "mais à 160\N{NO-BREAK SPACE}km")
    assert likely_duplicates(Initiative, name="Le Talus", places=[real_places["com-06088"]]) == []


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("La Roue", "La Roue 05"),
        ("Budget participatif des quartiers Nord 2023", "Budget participatif des quartiers Nord 2024"),
        ("Fonds d’innovation sociale (FISO 2)", "Fonds d’innovation sociale (FISO 3)"),
        ("Cantines 100 % bio", "Cantines bio"),
    ],
)
def test_names_whose_numbers_differ_name_two_things(places, known, typed):
    InitiativeFactory(name=known, sites=[places.arles])

    assert not likely_duplicates(Initiative, name=typed, places=[places.arles])
    assert likely_duplicates(Initiative, name=known, places=[places.arles])


def test_the_number_of_the_departement_only_says_where(places):
    InitiativeFactory(name="La Roue 13", coverage=[places.bouches_du_rhone])

    assert likely_duplicates(Initiative, name="La Roue", places=[places.arles])
    assert not likely_duplicates(Initiative, name="La Roue", places=[places.avignon])


def test_the_same_siren_is_certain_whatever_the_names(db):
    ActorFactory(name="Fralib", siren="775670417")
    ActorFactory(name="Une antenne", siret="55210055400013")

    for siren, name in (("775670417", "Fralib"), ("552100554", "Une antenne")):
        [found] = likely_duplicates(Actor, name="Scop-TI", siren=siren)
        assert (found.fiche.name, found.reasons) == (name, ("même Siren",))
        assert found.score >= 1


@pytest.mark.parametrize(
    "host",
    ["www.facebook.com", "m.facebook.com", "helloasso.com", "sites.google.com", "wordpress.com", "www.wixsite.com"],
)
def test_a_page_on_a_host_that_anybody_may_use_says_nothing(places, host):
    InitiativeFactory(name="Semailles", sites=[places.arles], website=f"https://{host}/semailles")

    assert not likely_duplicates(Initiative, name="Le Talus", places=[places.arles], website=f"https://{host}/talus")


def test_a_name_lent_by_a_host_tells_a_site(places):
    InitiativeFactory(name="Semailles", sites=[places.arles], website="https://semailles.wordpress.com/")
    asked = {"name": "Jardin d’insertion", "places": [places.arles]}

    assert likely_duplicates(Initiative, website="http://semailles.wordpress.com/a-propos", **asked)
    assert not likely_duplicates(Initiative, website="http://autre.wordpress.com/", **asked)


def test_a_funder_may_have_several_funding_sources_on_its_site_but_not_on_one_page(db):
    FundingSourceFactory(name="Pacte Émergence", website="https://finance.exemple.test/pacte/")
    asked = {"model": FundingSource, "name": "Autre dispositif"}

    assert not likely_duplicates(**asked, website="https://finance.exemple.test/")
    assert not likely_duplicates(**asked, website="https://finance.exemple.test/prime")
    assert likely_duplicates(**asked, website="http://www.finance.exemple.test/pacte")


@pytest.mark.parametrize("model", FACTORIES, ids=lambda model: model.__name__)
def test_a_fiche_is_never_compared_with_itself_and_each_of_two_finds_the_other(db, model):
    first, second = FACTORIES[model](name="Les Habeilles"), FACTORIES[model](name="Les Abeilles")

    assert names(duplicates_of(first)) == ["Les Abeilles"]
    assert names(duplicates_of(second)) == ["Les Habeilles"]


@pytest.mark.parametrize("status", ["draft", "pending", "changes_requested", "published", "archived"])
def test_drafts_and_what_waits_are_looked_at_as_well_as_what_was_published(db, status):
    published = {"published_at": "2026-03-02T09:30:00Z"} if status in ("published", "archived") else {}
    InitiativeFactory(name="Les Habeilles", slug="habeilles" if published else None, status=status, **published)

    assert names(likely_duplicates(Initiative, name="Habeilles")) == ["Les Habeilles"]


def test_what_was_merged_refused_or_withdrawn_is_not_looked_at(db):
    InitiativeFactory(name="Les Habeilles", merged_into=InitiativeFactory(name="Autre", published=True))
    InitiativeFactory(name="Les Habeilles", status="rejected")
    InitiativeFactory(name="Les Habeilles", status="withdrawn")

    assert likely_duplicates(Initiative, name="Les Habeilles") == []


def test_two_fiches_told_apart_are_never_proposed_again_in_either_order(db):
    first, second, third = (InitiativeFactory(name="Les Habeilles") for _ in range(3))
    somebody = UserFactory()

    remember_distinct(second, first, somebody)
    remember_distinct(first, second, UserFactory())

    pair = NotDuplicate.objects.get()
    assert (pair.noun, pair.decided_by, pair.first < pair.second) == ("initiative", somebody, True)
    assert {likeness.fiche for likeness in duplicates_of(first)} == {third}
    assert {likeness.fiche for likeness in duplicates_of(second)} == {third}
    assert {likeness.fiche for likeness in duplicates_of(third)} == {first, second}


def test_only_two_fiches_of_one_noun_are_told_apart(db):
    initiative = InitiativeFactory()

    for other in (initiative, ActorFactory()):
        with pytest.raises(ValueError, match="told apart"):
            remember_distinct(initiative, other, UserFactory())
    assert not NotDuplicate.objects.exists()


@pytest.mark.parametrize("name", ["", "…", "le la", "É", "12", "Ωμέγα", "%_", "' OR 1=1 --", "a" * 150, "(", "x, y"])
def test_a_strange_name_finds_nothing_and_breaks_nothing(places, name):
    for number in range(3):
        InitiativeFactory(name=f"Semailles {number}", sites=[places.arles])

    for model in FACTORIES:
        assert likely_duplicates(model, name=name, places=[places.arles], website="pas une adresse") == []


def test_the_likeliest_comes_first_and_a_few_are_enough(places):
    for _ in range(12):
        InitiativeFactory(name="Les Habeilles", sites=[places.tarascon])
    InitiativeFactory(name="Les Abeilles", sites=[places.arles])
    InitiativeFactory(name="Les Habeilles", sites=[places.arles])

    found = likely_duplicates(Initiative, name="Les Habeilles", places=[places.arles])

    assert len(found) == 8
    assert names(found)[:1] == ["Les Habeilles"]
    assert found[0].places == ["Arles"]
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)


@pytest.mark.parametrize("model", FACTORIES, ids=lambda model: model.__name__)
def test_as_many_questions_whatever_the_number_of_fiches(places, model):
    def grow(number):
        for n in range(number):
            fiche = make(model, [places.arles, places.bouches_du_rhone], name=f"Les Habeilles {chr(97 + n % 26)}bcd")
            if model is Initiative:
                SiteFactory(initiative=fiche, territory=places.marseille_1)

    def questions():
        with CaptureQueriesContext(connection) as queries:
            assert likely_duplicates(model, name="Les Habeilles", places=[places.arles], website="https://a.test")
        return len(queries)

    grow(10)
    few = questions()
    grow(90)

    assert questions() == few
    assert few <= 4
