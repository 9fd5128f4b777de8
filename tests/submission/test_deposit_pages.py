"""The pages of the deposit: what a person sees, what is kept of what they type, and what a stranger never sees."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.models import Initiative, ModerationRules, Submission
from initiatives.submission import tokens
from initiatives.submission.lifecycle import State
from tests.directory.reading import read, words
from tests.factories import (
    ActorFactory,
    FundingSourceFactory,
    InitiativeFactory,
    ThemeFactory,
    UserFactory,
    make_places,
)
from tests.photos import jpeg, upload
from tests.submission.depositing import (
    ACCEPTED,
    ESSENTIAL,
    address,
    confirmation,
    fill,
    first,
    place,
    received,
    rows,
    sent,
    started,
    tracking,
)
from tests.submission.people import by_a_person

pytestmark = pytest.mark.django_db
STEPS = ["essentiel", "territoire", "nouveaute", "moyens", "photos", "envoi", "plus-tard"]


@pytest.fixture(autouse=True)
def places():
    ThemeFactory(slug="alimentation", name="Alimentation", own_cloth="alimentation")
    ThemeFactory(slug="mobilite", name="Mobilité", own_cloth="mobilite")
    return make_places()


# The threshold


def test_the_threshold_has_three_doors_and_says_how_long_one_waits(client):
    ModerationRules.objects.create(pk=1, answer_days=12, holiday_message="Fermé du 1er au 20 août.")
    InitiativeFactory(published=True, stage="emergence")
    InitiativeFactory(published=True)

    page = read(client.get("/deposer/"))

    assert [words(door) for door in page.select(".portes h2")] == [
        "Elle existe déjà",
        "Elle démarre",
        "Je n’ai qu’une idée",
    ]
    assert "répond en 12 jours au plus" in words(page)
    assert "Fermé du 1er au 20 août." in words(page)
    counts = {link["href"]: words(link.select_one(".n")) for link in page.select(".portes .pointe")}
    assert counts == {
        "/initiatives/": "2",
        "/initiatives/?etape=emergence": "1",
        "/acteurs/?type=accompagnement": "appuis",
        "/charte/": "charte",
    }


def test_every_link_of_the_threshold_opens(client):
    page = read(client.get("/deposer/"))

    for link in {link["href"] for link in page.select("main a[href^='/']")}:
        assert client.get(link).status_code == 200, link


def test_each_page_leads_to_the_deposit_on_wide_and_small_screens(client):
    page = read(client.get("/"))

    assert len(page.select('header a[href="/deposer/"]')) == 2
    assert page.select('footer a[href="/deposer/"]')
    assert page.select('footer a[href="/mes-fiches/"]')


# The first step


def test_the_first_step_asks_five_things_and_all_are_required(client):
    page = read(client.post("/deposer/nouvelle/", by_a_person({"faire": "continuer"})))

    assert words(page.title).startswith("Erreur : 5 réponses à corriger. Déposer une initiative, étape 1 sur 6")
    summary = page.select_one(".avis.erreur")
    assert words(summary.h2) == "Cinq réponses sont à corriger"
    assert [words(link) for link in summary.select("a")] == [
        "Donnez le nom de l’initiative.",
        "Dites dans quelle commune elle est.",
        "Dites en deux phrases ce qu’elle est.",
        "Choisissez un thème.",
        "Donnez votre adresse électronique.",
    ]
    assert not Submission.objects.exists()


def test_a_right_first_step_makes_a_draft_and_sends_its_link(client, queued_mails, places):
    response = first(client, porte="demarre")

    draft = Submission.objects.get()
    assert (draft.state, draft.kind, draft.door, draft.email) == ("draft", "new", "demarre", "lea@exemple.test")
    assert draft.answers["sites"][0]["territory"] == places.arles.key
    assert place(response["Location"]) == place(address(draft, "territoire"))
    [mail] = queued_mails
    assert mail.to == ["lea@exemple.test"]
    assert "/plus-tard/" in mail.message


def test_five_answers_are_enough_to_send(client):
    response = first(client, faire="envoi")

    assert place(response["Location"]) == place(address(Submission.objects.get(), "envoi"))


def test_two_sentences_that_are_too_long_are_said_to_be_so_and_kept(client):
    page = read(first(client, summary="a" * 306))

    assert words(page.select_one("#id_summary_error")) == "Raccourcissez de 6 caractères."
    assert page.select_one("#id_summary").text.strip() == "a" * 306
    assert words(page.select_one("#id_summary_compteur")) == "306 caractères sur 300"


def test_when_several_communes_fit_the_person_chooses(client, places):
    from tests.factories import TerritoryFactory

    here = TerritoryFactory(code="13999", name="Vitrolles", department=places.bouches_du_rhone)
    TerritoryFactory(code="84999", name="Vitrolles", department=places.vaucluse)

    page = read(first(client, commune="Vitrolles"))
    choices = page.select('input[type="radio"][name="commune_key"]')
    assert len(choices) == 2

    started(client, commune="Vitrolles", commune_key=here.key)
    assert Submission.objects.get().answers["sites"][0]["territory"] == here.key


def test_the_beginning_of_a_name_proposes_the_places_that_a_script_would_have(client, places):
    page = read(first(client, commune="Arl"))
    assert [field["value"] for field in page.select('input[type="radio"][name="commune_key"]')] == [places.arles.key]

    draft = started(client, commune="Arl", commune_key=places.arles.key)
    assert draft.answers["sites"][0]["territory"] == places.arles.key


@pytest.mark.parametrize("typed", ["Nulle-Part-sur-Rien", "Vaucluse"])
def test_what_is_no_commune_is_refused_with_a_sentence(client, typed):
    page = read(first(client, commune=typed))

    assert page.select_one("#id_commune_error")
    assert page.select_one("#id_commune")["value"] == typed


def test_a_robot_that_fills_the_hidden_field_makes_no_draft(client):
    page = read(first(client, objet_complementaire="https://spam.test"))

    assert "Un champ qui doit rester vide" in words(page)
    assert page.select_one("#id_name")["value"] == ESSENTIAL["name"]
    assert not Submission.objects.exists()


def test_too_many_deposits_in_an_hour_are_refused_without_losing_what_is_typed(client):
    for number in range(6):
        started(client, name=f"Boutique {number}")

    response = first(client)

    assert response.status_code == 429
    assert "Trop d’envois" in response.text
    assert ESSENTIAL["summary"] in response.text
    assert Submission.objects.count() == 6


def test_a_session_is_no_place_for_more_than_a_person_types(client):
    first(client, faire="retour", summary="x" * 20_000)

    assert "depot" not in client.session


def test_going_back_to_the_doors_loses_nothing(client):
    assert first(client, faire="retour", commune="")["Location"] == "/deposer/"

    page = read(client.get("/deposer/nouvelle/"))

    assert page.select_one("#id_name")["value"] == ESSENTIAL["name"]
    assert page.select_one("#id_email")["value"] == ESSENTIAL["email"]
    assert not page.select(".msg-erreur")
    assert not Submission.objects.exists()


# Those that are there already


@pytest.fixture
def twin(places):
    return InitiativeFactory(published=True, name="La Boutique du pays", sites=[places.arles])


def test_a_fiche_that_may_be_the_same_is_shown_before_any_work(client, twin, places):
    InitiativeFactory(name="Boutique du pays (brouillon)", sites=[places.arles])

    page = read(first(client))

    assert [words(link) for link in page.select(".doublon p a")] == ["La Boutique du pays (nouvel onglet)"]
    assert "Encore une question" in words(page)
    assert not Submission.objects.exists()


def test_it_is_shown_even_when_the_rest_is_not_right(client, twin):
    page = read(first(client, email=""))

    assert page.select(".doublon")
    assert page.select("#id_email_error")


def test_another_one_is_remembered_and_never_asked_again(client, twin):
    page = read(first(client, autre=str(twin.uuid), faire="", summary=""))
    assert not page.select(".doublon")
    assert not page.select(".msg-erreur")
    assert [field["value"] for field in page.select("input[name=distinctes]")] == [str(twin.uuid)]

    draft = started(client, distinctes=str(twin.uuid))

    assert draft.distinct == [str(twin.uuid)]


def test_one_click_tells_them_all_apart_and_goes_on(client, twin, places):
    other = InitiativeFactory(published=True, name="Boutique du pays d’Arles", sites=[places.arles])

    draft = started(client, faire="autres", vues=[str(twin.uuid), str(other.uuid)])

    assert draft.distinct == sorted([str(twin.uuid), str(other.uuid)])


def test_the_same_one_becomes_a_proposal_that_carries_what_was_typed(client, twin):
    response = first(client, meme=str(twin.uuid))

    draft = Submission.objects.get()
    assert (draft.kind, draft.initiative, draft.state) == ("change", twin, "draft")
    assert draft.answers["name"] == "La Boutique du pays"
    assert ESSENTIAL["summary"] in draft.comment
    page, _, query = response["Location"].partition("?")
    assert page == f"{twin.get_absolute_url()}proposer-une-modification/"
    assert tokens.read("draft", query.partition("=")[2]) == draft.uuid


@pytest.mark.parametrize("key", ["n-importe-quoi", "0b9b1b64-0000-4000-8000-000000000000"])
def test_the_same_one_as_nothing_is_not_found(client, key):
    assert first(client, meme=key).status_code == 404
    assert not Submission.objects.exists()


def test_nothing_is_said_of_a_fiche_that_is_not_published(client, places):
    hidden = InitiativeFactory(name="Boutique du pays", sites=[places.arles])

    assert first(client, meme=str(hidden.uuid)).status_code == 404


# The other steps


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_a_draft_reads_well_and_is_kept_by_nobody(client, step):
    draft = started(client)

    response = client.get(address(draft, step))

    read(response)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"


def test_a_step_says_where_one_is_in_words(client):
    draft = started(client)

    page = read(client.get(address(draft, "nouveaute")))

    assert "Étape 3 sur 6. Brouillon enregistré à" in words(page)
    assert words(page.select_one('[aria-current="step"]')) == "Ce qui est nouveau"


def test_the_territory_is_kept(client, places):
    draft = started(client)

    response = fill(
        client,
        draft,
        "territoire",
        second_theme="mobilite",
        scale="departement",
        milieu="rural",
        site_label="La Halle",
        more=rows("territoires", {"place": "Vaucluse"}, {"place": ""})
        | rows("lieux", {"place": "Arles", "label": "Le quai"}),
    )

    assert place(response["Location"]) == place(address(draft, "nouveaute"))
    draft.refresh_from_db()
    answers = draft.answers
    assert answers["themes"] == ["alimentation", "mobilite"]
    assert answers["coverage"] == [places.vaucluse.key]
    assert [(site["territory"], site["label"]) for site in answers["sites"]] == [
        (places.arles.key, "La Halle"),
        (places.arles.key, "Le quai"),
    ]
    assert draft.done_steps == ["essentiel", "territoire"]


def test_what_is_wrong_is_kept_as_it_was_typed_and_shown_again_with_its_error(client):
    draft = started(client)

    page = read(fill(client, draft, "nouveaute", start_year="l’an dernier", social_need="Un besoin."))
    assert words(page.select_one("#id_start_year_error")) == "Écrivez une année entre 1800 et 2100, comme 2019."

    draft.refresh_from_db()
    assert draft.answers["start_year"] is None
    assert draft.done_steps == ["essentiel"]
    again = read(client.get(address(draft, "nouveaute")))
    assert again.select_one("#id_start_year")["value"] == "l’an dernier"
    assert again.select_one("#id_social_need").text.strip() == "Un besoin."
    assert again.select_one("#id_start_year_error")

    fill(client, draft, "nouveaute", start_year="2019", start_precision="environ")
    draft.refresh_from_db()
    assert (draft.answers["start_year"], draft.answers["start_precision"]) == (2019, "environ")
    assert "_typed" not in draft.answers


@pytest.mark.parametrize(
    ("wish", "where"), [("retour", "territoire"), ("plus-tard", "plus-tard"), ("photos", "photos")]
)
def test_one_leaves_a_step_that_is_wrong_without_losing_anything(client, wish, where):
    draft = started(client)

    response = fill(client, draft, "nouveaute", start_year="12", response="Une réponse.", faire=wish)

    assert place(response["Location"]) == place(address(draft, where))
    page = read(client.get(address(draft, "nouveaute")))
    assert page.select_one("#id_start_year")["value"] == "12"
    assert page.select_one("#id_response").text.strip() == "Une réponse."


def test_later_says_that_the_draft_waits_and_goes_on_where_it_was_left(client):
    draft = started(client)
    fill(client, draft, "territoire", more=rows("territoires", {}) | rows("lieux", {}))

    page = read(client.get(address(draft, "plus-tard")))

    assert "lea@exemple.test" in words(page)
    assert place(page.select_one("main a.bouton")["href"]) == place(address(draft, "nouveaute"))


def test_one_line_more_keeps_all_that_is_typed_and_says_nothing_wrong(client):
    draft = started(client)
    more = rows("partenaires", {"partner": "La mairie", "role": "partenaire", "detail": "prête la halle"})

    page = read(
        fill(
            client,
            draft,
            "moyens",
            structure_number="12",
            faire="ajouter-partenaires",
            more=more | _no_lines("partenaires"),
        )
    )

    assert page.select_one("#id_partenaires-0-partner")["value"] == "La mairie"
    assert page.select_one("#id_partenaires-1-partner")
    assert not page.select(".msg-erreur")
    assert page.select_one("#id_structure_number")["value"] == "12"


def _no_lines(*filled):
    return {
        key: value
        for prefix in ("partenaires", "financements", "annonces")
        if prefix not in filled
        for key, value in rows(prefix).items()
    }


def test_the_means_are_kept(client):
    town = ActorFactory(published=True, name="Ville d’Arles")
    fund = FundingSourceFactory(published=True, name="Le Coup de pouce")
    draft = started(client)

    response = fill(
        client,
        draft,
        "moyens",
        structure="Les Amis de la boutique",
        structure_kind="collectif",
        structure_form="association",
        structure_number="732 829 320",
        structure_website="amis.test",
        redo_cost="20 000 €",
        way_acheter="le jeudi",
        contact_email="bonjour@exemple.test",
        more={
            **rows(
                "partenaires",
                {"partner": "ville d'arles", "role": "partenaire"},
                {"partner": "Le Fournil", "role": "financeur"},
            ),
            **rows(
                "financements",
                {"funder": "Le coup de pouce", "amount": "20 000 €", "year": "2024", "kind": "subvention"},
                {"funder": "Des voisins", "amount": "1.500"},
            ),
            **rows("annonces", {"what": "cherche-local", "text": "40 m²", "until": "2030-01-31"}),
        },
    )

    assert response.status_code == 302, read(response).select(".avis.erreur")
    draft.refresh_from_db()
    lead, first_partner, second = draft.answers["participations"]
    assert lead["is_lead"]
    assert lead["actor"] is None
    assert lead["new_actor"] | {} == {
        "name": "Les Amis de la boutique",
        "kind": "collectif",
        "legal_form": "association",
        "siren": "732829320",
        "siret": "",
        "website": "https://amis.test",
        "summary": "",
    }
    assert (first_partner["actor"], first_partner["role"]) == (str(town.uuid), "partenaire")
    assert (second["new_actor"]["name"], second["role"]) == ("Le Fournil", "financeur")
    known, new = draft.answers["fundings"]
    assert (known["source"], known["actor"], known["amount"], known["year"]) == (str(fund.uuid), None, 20000, 2024)
    assert (new["new_actor"]["name"], new["amount"]) == ("Des voisins", 1500)
    assert [(n["kind"], n["value"], n["until"]) for n in draft.answers["notices"]] == [
        ("cherche", "local", "2030-01-31")
    ]
    assert [(w["way"], w["how"]) for w in draft.answers["ways_to_take_part"]] == [("acheter", "le jeudi")]
    # Sent again as it is shown, it stays the same.
    page = read(client.get(address(draft, "moyens")))
    client.post(address(draft, "moyens"), {**_as_shown(page), "faire": "continuer"})
    before, after = draft.answers, Submission.objects.get(pk=draft.pk).answers
    assert after == before


def _as_shown(page):
    """What a browser would send of a form that nobody touched."""
    data = {}
    for field in page.select("#depot input[name], #depot textarea[name], #depot select[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.get("type") == "file":
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data.setdefault(field["name"], []).append(chosen["value"])
        else:
            value = (
                field.text.lstrip("\n")
                if field.name == "textarea"
                else field.get("value", "on" if field.get("type") == "checkbox" else "")
            )
            data.setdefault(field["name"], []).append(value)
    return data


@pytest.mark.parametrize("step", ["essentiel", "territoire", "nouveaute", "moyens", "photos"])
def test_a_step_that_is_sent_again_untouched_changes_nothing(client, step):
    draft = started(client)

    page = read(client.get(address(draft, step)))
    shown = _as_shown(page)
    response = client.post(
        address(draft, step), (shown | by_a_person({}) if step == "essentiel" else shown) | {"faire": "continuer"}
    )

    assert response.status_code == 302, read(response).select(".avis.erreur")
    assert Submission.objects.get().answers == draft.answers


def test_who_comes_back_to_the_first_step_may_leave_it_at_once(client):
    draft = started(client)
    shown = _as_shown(read(client.get(address(draft, "essentiel"))))

    response = client.post(address(draft, "essentiel"), shown | {"faire": "continuer"})

    assert response.status_code == 302, read(response).select(".avis.erreur")


def test_no_sign_that_turns_the_text_round_is_kept(client):
    draft = started(client, name="\u202eeiccirpE\u202c du pays")

    assert draft.answers["name"] == "eiccirpE du pays"
    assert started(client, name="\u2067eiccirpE\u2069 du bourg").answers["name"] == "eiccirpE du bourg"
    assert first(client, name="\u202e").status_code == 200  # no name is left of it


def test_a_structure_that_is_nearly_one_of_the_directory_is_asked_about(client):
    actor = ActorFactory(published=True, name="Les Amis de la boutique")
    draft = started(client)
    nothing = {**_no_lines()}

    page = read(fill(client, draft, "moyens", structure="Amis de la boutique", more=nothing))
    assert [field["value"] for field in page.select('input[name="structure_key"]')] == [str(actor.uuid), "autre"]

    fill(client, draft, "moyens", structure="Amis de la boutique", structure_key=str(actor.uuid), more=nothing)
    draft.refresh_from_db()
    assert draft.answers["participations"][0]["actor"] == str(actor.uuid)

    fill(client, draft, "moyens", structure="Amis de la butte", structure_key="autre", more=nothing)
    draft.refresh_from_db()
    assert draft.answers["participations"][0]["new_actor"]["name"] == "Amis de la butte"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("732829321", "Ce numéro n’existe pas"),
        ("1234", "Un Siren compte 9 chiffres"),
        ("73282932000075", "Ce numéro n’existe pas"),
    ],
)
def test_a_company_number_is_checked_and_explained(client, typed, said):
    draft = started(client)

    page = read(fill(client, draft, "moyens", structure="Les Amis", structure_number=typed, more=_no_lines()))

    assert said in words(page.select_one("#id_structure_number_error"))


# Photos


def _photo_lines(*lines):
    return rows("photos", *lines, known=len(lines)) | rows("liens")


def _send_photos(client, draft, *files, **answers):
    return client.post(address(draft, "photos"), {"faire": "photos", "fichiers": files, **_photo_lines(), **answers})


def _with_photo(client):
    draft = started(client)
    _send_photos(client, draft, upload())
    draft.refresh_from_db()
    return draft, draft.photos.get()


def test_a_photo_is_kept_at_once_and_shown_to_who_sent_it(client):
    draft, photo = _with_photo(client)

    page = read(client.get(address(draft, "photos")))
    image = client.get(page.select_one(".photo-envoyee img")["src"])

    assert (image.status_code, image["Content-Type"]) == (200, "image/webp")
    assert "no-store" in image["Cache-Control"]
    assert draft.answers["photos"][0]["uuid"] == str(photo.uuid)


def test_a_photo_needs_words_a_credit_and_the_right_to_publish_it(client):
    draft, photo = _with_photo(client)
    line = {"uuid": str(photo.uuid), "licence": "Tous droits réservés"}

    page = read(fill(client, draft, "photos", website="boutique.test", more=_photo_lines(line | {"alt": "La halle"})))
    assert page.select("#id_photos-0-credit_error")
    assert page.select("#id_photos-0-may_publish_error")
    draft.refresh_from_db()
    # What is right of it is kept already.
    assert draft.answers["photos"][0]["alt"] == "La halle"

    right = line | {"alt": "La halle", "credit": "Léa", "may_publish": "on", "print_allowed": "on"}
    response = fill(client, draft, "photos", website="boutique.test", more=_photo_lines(right))
    assert place(response["Location"]) == place(address(draft, "envoi"))
    draft.refresh_from_db()
    assert draft.answers["photos"] == [
        {
            "uuid": str(photo.uuid),
            "alt": "La halle",
            "credit": "Léa",
            "licence": "Tous droits réservés",
            "print_allowed": True,
        }
    ]
    assert draft.answers["website"] == "https://boutique.test"


def test_six_photos_at_most(client):
    draft = started(client)

    _send_photos(client, draft, *[upload(jpeg((300 + n, 300))) for n in range(7)])

    assert draft.photos.count() == 6
    page = read(client.get(address(draft, "photos")))
    assert "Il y a déjà 6 photos" in words(page)
    assert not page.select("#fichiers")


@pytest.mark.parametrize(("content", "said"), [(b"\0\0\0\x18ftypheic", "HEIC"), (b"un texte", "«")])
def test_what_is_no_photo_is_a_message_and_nothing_else_is_lost(client, content, said):
    draft = started(client)

    _send_photos(client, draft, upload(content, "plage.heic"), website="boutique.test")

    page = read(client.get(address(draft, "photos")))
    assert "plage.heic" in words(page.select_one(".messages"))
    assert said in words(page.select_one(".messages"))
    assert page.select_one("#id_website")["value"] == "https://boutique.test"
    assert not draft.photos.exists()


def test_a_full_disk_is_a_message_and_nothing_else_is_lost(client, monkeypatch):
    draft = started(client)

    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("initiatives.submission.photo_files._write_to_disk", full)
    _send_photos(client, draft, upload(), website="pas une adresse")

    page = read(client.get(address(draft, "photos")))
    assert "la place manque" in words(page.select_one(".messages"))
    assert page.select_one("#id_website")["value"] == "pas une adresse"
    assert not draft.photos.exists()


def test_a_photo_is_removed_with_its_files(client, settings, django_capture_on_commit_callbacks):
    draft, photo = _with_photo(client)
    line = {"uuid": str(photo.uuid), "licence": "Tous droits réservés"}

    with django_capture_on_commit_callbacks(execute=True):
        fill(client, draft, "photos", more=_photo_lines(line | {"DELETE": "on"}))

    draft.refresh_from_db()
    assert draft.answers["photos"] == []
    assert not draft.photos.exists()
    assert not list((settings.MEDIA_ROOT / "photos").iterdir())


# Reading again, sending, confirming


def test_the_last_step_shows_what_the_fiche_says_and_what_it_lacks(client):
    draft, photo = _with_photo(client)

    page = read(client.get(address(draft, "envoi")))

    assert "Boutique du pays" in words(page.select_one(".bande-fiche"))
    assert "Arles" in words(page.select_one("#h-essentiel").find_parent("section"))
    assert "Elle parlerait mieux avec : le besoin" in words(page)
    assert page.select(".vignettes img")
    assert not page.select_one("#id_name_is_public").has_attr("checked")


def test_nothing_is_sent_without_each_consent(client, queued_mails):
    draft = started(client)

    for missing in ACCEPTED:
        given = {name: value for name, value in ACCEPTED.items() if name != missing}
        page = read(client.post(address(draft, "envoi"), {"faire": "envoyer", **given}))
        assert page.select_one(f"#id_{missing}_error")

    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    assert len(queued_mails) == 1


def test_what_is_still_wrong_stops_the_sending_and_is_named(client):
    draft = started(client)
    fill(client, draft, "nouveaute", start_year="demain")

    page = read(client.post(address(draft, "envoi"), {"faire": "envoyer", **ACCEPTED}))

    assert "Une étape a encore des réponses à corriger." in words(page)
    assert place(page.select_one("main .alerte a")["href"]) == place(address(draft, "nouveaute"))


def test_a_name_is_published_only_when_it_is_given(client):
    draft = started(client)

    page = read(client.post(address(draft, "envoi"), {"faire": "envoyer", **ACCEPTED, "name_is_public": "on"}))

    assert page.select_one("#id_name_error")


def test_what_is_sent_waits_for_the_address_to_be_confirmed(client, queued_mails):
    submission = sent(client, started(client), name="Léa", role="bénévole")

    assert submission.state == State.UNCONFIRMED
    assert not Initiative.objects.exists()
    assert queued_mails[1].subject.startswith("Confirmez votre adresse")
    page = read(client.get(tracking(submission)))
    assert words(page.h1) == "Plus qu’un clic, dans votre courrier"


def test_opening_the_link_changes_nothing_and_its_button_confirms(client, queued_mails):
    submission = sent(client, started(client))

    for _ in range(3):
        page = read(client.get(confirmation(submission)))
        assert [words(button) for button in page.select("main button")] == ["Confirmer mon adresse"]
    submission.refresh_from_db()
    assert submission.state == State.UNCONFIRMED

    response = client.post(confirmation(submission))

    submission.refresh_from_db()
    assert submission.state == State.WAITING
    assert submission.initiative.status == "pending"
    page = read(client.get(response["Location"]))
    assert words(page.h1) == "C’est envoyé"
    assert submission.receipt in words(page)
    assert "La Cress relit et vous répond avant le" in words(page)
    assert submission.receipt in queued_mails[2].subject


def test_a_second_click_confirms_nothing_more(client, queued_mails):
    submission = received(client)

    client.post(confirmation(submission))

    assert Initiative.objects.count() == 1
    assert len(queued_mails) == 3


def test_who_is_signed_in_with_that_address_has_nothing_to_confirm(client, queued_mails):
    client.force_login(UserFactory(email="lea@exemple.test"))

    submission = sent(client, started(client))

    assert submission.state == State.WAITING
    assert [mail.subject.split(" ")[0] for mail in queued_mails] == ["Reprendre", "Bien"]


def test_the_confirmation_is_sent_again_a_few_times_and_no_more(client, queued_mails):
    submission = sent(client, started(client))

    for _ in range(6):
        assert client.post(tracking(submission)).status_code == 302
    assert client.post(tracking(submission)).status_code == 429
    assert len(queued_mails) == 8


# Following, answering, taking back


def _asked(client, **messages):
    from tests.submission.test_deposits import ask_for_changes

    submission = received(client)
    ask_for_changes(submission, **messages)
    return submission


def test_the_answer_shows_what_the_team_says_beside_the_field(client):
    others = {"stage": "Où en est-elle ?", "photos": "Une photo ?", "fundings": "Avec quel argent ?"}
    submission = _asked(client, summary="Dites où.", field_less="Merci de relire.", **others)

    page = read(client.get(tracking(submission) + "corriger/"))

    beside = page.select_one("#id_summary").find_previous(class_="message-equipe")
    assert words(beside) == "La Cress : Dites où."
    assert "Merci de relire." in words(page)
    assert [link["href"] for link in page.select(".avis.info a")] == [
        "#id_summary",
        "#id_stage_0",
        "#p-photos",
        "#p-financements",
    ]
    assert page.select_one("#id_name")["value"] == ESSENTIAL["name"]


def test_only_what_the_holder_changes_is_written(client):
    submission = _asked(client, summary="Dites où.")
    Initiative.objects.update(social_need="Écrit par la Cress.")
    page = read(client.get(tracking(submission) + "corriger/"))

    shown = _as_shown(page) | {"summary": "À Arles, une boutique.", "message": "Voilà.", "faire": "repondre"}
    response = client.post(tracking(submission) + "corriger/", shown)

    assert place(response["Location"]) == place(tracking(submission)), read(response).select(".avis.erreur")
    fiche = Initiative.objects.get()
    assert (fiche.summary, fiche.social_need, fiche.status) == (
        "À Arles, une boutique.",
        "Écrit par la Cress.",
        "pending",
    )
    submission.refresh_from_db()
    assert submission.state == State.WAITING
    assert submission.messages.get(is_from_team=False).text == "Voilà."


def test_an_answer_that_is_wrong_keeps_all_that_was_typed(client):
    submission = _asked(client, summary="Dites où.")
    page = read(client.get(tracking(submission) + "corriger/"))

    shown = _as_shown(page) | {"start_year": "jadis", "message": "Voilà.", "faire": "repondre"}
    again = read(client.post(tracking(submission) + "corriger/", shown))

    assert again.select_one("#id_start_year")["value"] == "jadis"
    assert again.select_one("#message").text.strip() == "Voilà."
    submission.refresh_from_db()
    assert submission.state == State.CHANGES_REQUESTED


def test_a_photo_is_added_while_one_answers(client):
    submission = _asked(client, summary="Une photo ?")
    page = read(client.get(tracking(submission) + "corriger/"))

    again = read(
        client.post(tracking(submission) + "corriger/", _as_shown(page) | {"faire": "photos", "fichiers": [upload()]})
    )
    described = {"photos-0-alt": "La halle", "photos-0-credit": "Léa", "photos-0-may_publish": "on"}
    client.post(tracking(submission) + "corriger/", _as_shown(again) | described | {"faire": "repondre"})

    assert Initiative.objects.get().photos.get().alt == "La halle"


def test_nothing_is_to_be_answered_before_one_is_asked(client):
    submission = received(client)

    assert place(client.get(tracking(submission) + "corriger/")["Location"]) == place(tracking(submission))


def test_it_is_taken_back_by_one_button(client):
    submission = received(client)

    for _ in range(3):
        read(client.get(tracking(submission) + "retirer/"))
    submission.refresh_from_db()
    assert submission.state == State.WAITING

    client.post(tracking(submission) + "retirer/")

    submission.refresh_from_db()
    assert (submission.state, submission.initiative.status) == (State.WITHDRAWN, "withdrawn")
    read(client.get(tracking(submission)))


# Strangers on every door


def doors(draft):
    """Every address that needs a link, with the purpose of its token."""
    photo = draft.photos.first()
    return [
        *(("draft", reverse("deposit_step", args=["{}", step])) for step in STEPS),
        ("draft", reverse("deposit_preview", args=["{}"])),
        *([("draft", reverse("sent_photo", args=["{}", photo.uuid, "480"]))] if photo else []),
        ("confirmation", reverse("confirm", args=["{}"])),
        ("tracking", reverse("tracking", args=["{}"])),
        ("tracking", reverse("correct", args=["{}"])),
        ("tracking", reverse("withdraw", args=["{}"])),
    ]


def test_a_token_of_another_purpose_or_a_damaged_one_opens_nothing(client):
    draft, _ = _with_photo(client)

    for purpose, door in doors(draft):
        wrong = "tracking" if purpose == "draft" else "draft"
        for token in (tokens.make(wrong, draft.uuid), tokens.make(purpose, draft.uuid)[:-2] + "xx", "abc"):
            page = door.replace("%7B%7D", token)
            for ask in (client.get, client.post):
                assert ask(page).status_code in (404, 405), page
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_the_photos_of_one_draft_are_not_seen_by_the_link_of_another(client):
    draft, photo = _with_photo(client)
    other = started(client, name="Tout autre chose")

    page = reverse("sent_photo", args=[tokens.make("draft", other.uuid), photo.uuid, "480"])

    assert client.get(page).status_code == 404


def test_the_photos_of_a_pending_fiche_are_seen_by_its_holder_alone(client):
    draft, photo = _with_photo(client)
    line = {
        "uuid": str(photo.uuid),
        "licence": "Tous droits réservés",
        "alt": "La halle",
        "credit": "Léa",
        "may_publish": "on",
    }
    fill(client, draft, "photos", more=_photo_lines(line))
    submission = sent(client, draft)
    client.post(confirmation(submission))

    assert client.get(f"/photos/{photo.uuid}/480.webp").status_code == 404
    page = reverse("sent_photo", args=[tokens.make("draft", draft.uuid), photo.uuid, "480"])
    assert client.get(page).status_code == 200


def test_once_it_is_sent_the_link_of_the_draft_only_leads_to_the_tracking(client):
    submission = sent(client, started(client))

    for step in STEPS:
        assert place(client.get(address(submission, step))["Location"]) == place(tracking(submission))
        response = client.post(address(submission, step), {"name": "Autre", "faire": "continuer"})
        assert place(response["Location"]) == place(tracking(submission))
    submission.refresh_from_db()
    assert submission.answers["name"] == ESSENTIAL["name"]


def test_a_pending_fiche_is_nowhere_in_public(client):
    submission = received(client)

    assert client.get(f"/id/{submission.initiative.uuid}/").status_code == 404
    assert ESSENTIAL["name"] not in client.get("/initiatives/").text


# Cost


@pytest.mark.parametrize("step", ["moyens", "envoi", "territoire"])
def test_a_page_costs_the_same_whatever_the_number_of_lines(client, places, step):
    draft = started(client)
    actors = [ActorFactory(published=True) for _ in range(20)]

    def queries(count):
        lines = [{"partner": actor.name, "role": "partenaire"} for actor in actors[:count]]
        fill(client, draft, "moyens", more=rows("partenaires", *lines) | _no_lines("partenaires"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address(draft, step)).status_code == 200
        return len(captured)

    assert queries(2) == queries(20)
