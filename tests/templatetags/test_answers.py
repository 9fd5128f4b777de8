"""Form fields and the list of what is to be corrected, as the components print them."""

import html5lib
import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import engines

from initiatives.text import NO_BREAK

pytestmark = pytest.mark.once


class Deposit(forms.Form):
    name = forms.CharField(label="Nom de l'initiative", max_length=20)
    summary = forms.CharField(
        label="Deux phrases", max_length=300, widget=forms.Textarea, help_text="Le besoin, puis ce que vous faites."
    )
    theme = forms.ChoiceField(
        label="Thème principal",
        choices=[("", "Choisissez"), ("habitat", "Habitat")],
        error_messages={"required": "Choisissez un thème."},
    )
    stage = forms.ChoiceField(label="Étape", choices=[("a", "Émergence"), ("b", "Essaimage")], widget=forms.RadioSelect)
    audiences = forms.MultipleChoiceField(
        label="Publics", choices=[("j", "Jeunes"), ("t", "Tous")], widget=forms.CheckboxSelectMultiple, required=False
    )
    year = forms.IntegerField(label="Année", required=False)
    day = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    photo = forms.FileField(label="Photo", required=False)
    agreed = forms.BooleanField(label="J’accepte", help_text="Licence Ouverte 2.0")


PAGE = """{% include "components/error_summary.html" with form=form only %}<form method="post" novalidate>
{% for field in form %}{% include "components/field.html" with field=field optional=False only %}{% endfor %}</form>
{% sprite %}"""


def page(form):
    html = engines["django"].from_string(PAGE).render({"form": form})
    document = f'<!DOCTYPE html><html lang="fr"><head><title>t</title></head><body>{html}</body></html>'
    html5lib.HTMLParser(strict=True).parse(document)
    soup = BeautifulSoup(html, "html.parser")
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len({*ids})
    for element in soup.select("[aria-describedby]"):
        assert {*element["aria-describedby"].split()} <= {*ids}
    for label in soup.select("label[for]"):
        assert label["for"] in ids
    return soup


GOOD = {"name": "Le Pain", "summary": "Un four.", "theme": "habitat", "stage": "a", "agreed": "on"}


@pytest.mark.parametrize("form", [Deposit(), Deposit({}), Deposit(GOOD)])
def test_every_kind_of_field_is_valid_named_and_described(form):
    soup = page(form)

    for control in soup.select("input:not([type=hidden]), textarea, select"):
        assert soup.select(f"label[for={control['id']}]"), control
    assert len(soup.select("fieldset > legend")) == 2


def test_what_is_obligatory_is_said_in_words():
    soup = page(Deposit())

    words = {label.get_text() for label in soup.select("label, legend") if "obligatoire" in label.get_text()}
    assert {text.replace(" (obligatoire)", "") for text in words} == {
        "Nom de l’initiative",
        "Deux phrases",
        "Thème principal",
        "Étape",
        "J’accepte",
    }


def test_each_line_of_what_is_to_be_corrected_leads_to_its_field():
    soup = page(Deposit({"summary": "x" * 306}))

    alert = soup.select_one("[role=alert]")
    assert alert["tabindex"] == "-1"
    assert alert.h2.get_text() == "Cinq réponses sont à corriger"
    lines = {link["href"]: link.get_text() for link in alert.select("a")}
    assert [*lines] == ["#id_name", "#id_summary", "#id_theme", "#id_stage_0", "#id_agreed"]
    # Django's own sentences do not say of what they speak; ours do.
    assert lines["#id_name"] == f"Nom de l’initiative{NO_BREAK}: ce champ est obligatoire."
    assert lines["#id_summary"].startswith(f"Deux phrases{NO_BREAK}: assurez-vous")
    assert lines["#id_theme"] == "Choisissez un thème."
    for target in lines:
        assert soup.select_one(target).name in ("input", "textarea", "select")


def test_a_wrong_answer_says_so_beside_its_field():
    soup = page(Deposit(GOOD | {"name": ""}))

    field = soup.select_one("#id_name")
    assert field["aria-invalid"] == "true"
    error = soup.select_one(f"#{field['aria-describedby']}")
    assert error.get_text(strip=True) == "Ce champ est obligatoire."
    assert error.svg["aria-hidden"] == "true"
    assert soup.select_one("[role=alert] h2").get_text() == "Une réponse est à corriger"


def test_nothing_is_said_when_nothing_is_wrong():
    assert not page(Deposit(GOOD)).select("[role=alert]")
    assert not page(Deposit()).select("[role=alert]")


def test_what_concerns_the_whole_form_is_no_answer_to_correct():
    form = Deposit(GOOD)
    form.add_error(None, "Revenez demain.")

    alert = page(form).select_one("[role=alert]")

    assert alert.h2.get_text() == "Ce formulaire n’est pas encore envoyé"
    assert alert.li.get_text() == "Revenez demain."


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "0 caractère sur 300"), ("é", "1 caractère sur 300"), ("x" * 306, "306 caractères sur 300")],
)
def test_a_long_text_counts_its_characters_and_lets_one_type_beyond(typed, words):
    soup = page(Deposit(GOOD | {"summary": typed}))

    field = soup.select_one("#id_summary")
    counter = soup.select_one(".compteur")
    assert counter.get_text() == words
    assert not field.has_attr("maxlength")
    described = field["aria-describedby"].split()
    assert described[0] == "id_summary_helptext"
    assert described[-1] == counter["id"]


def test_a_new_line_is_one_character():
    assert page(Deposit(GOOD | {"summary": "a\r\nb"})).select_one(".compteur").get_text() == "3 caractères sur 300"


def test_short_texts_have_no_counter():
    assert len(page(Deposit()).select(".compteur")) == 1


def test_several_forms_have_one_list():
    Forms = forms.formset_factory(Deposit, extra=0, max_num=1, validate_max=True)
    sent = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}
    lines = Forms({**sent, **{f"form-{n}-{name}": value for n in (0, 1) for name, value in GOOD.items()}})
    first = Deposit(GOOD | {"name": ""}, prefix="autre")

    html = '{% include "components/error_summary.html" with form=form only %}'
    soup = BeautifulSoup(engines["django"].from_string(html).render({"form": [lines, first]}), "html.parser")

    assert len(soup.select("li")) == 6
    assert soup.select_one("li").get_text() == "Veuillez soumettre au plus 1 formulaire."


def title(form):
    return engines["django"].from_string("{% load answers %}{{ form|error_title }}").render({"form": form})


def test_the_title_of_the_page_says_first_that_something_is_to_be_corrected():
    assert title(Deposit()) == ""
    assert title(Deposit(GOOD)) == ""
    assert title(Deposit(GOOD | {"name": ""})) == f"Erreur{NO_BREAK}: 1 réponse à corriger. "
    assert title(Deposit({})) == f"Erreur{NO_BREAK}: 5 réponses à corriger. "
    form = Deposit(GOOD)
    form.add_error(None, "Revenez demain.")
    assert title(form) == "Erreur. "
