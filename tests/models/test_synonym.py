import pytest
from django.core.exceptions import ValidationError

from initiatives.models import Synonym
from tests.models.breaking import breaks


def refusal(words):
    with pytest.raises(ValidationError) as error:
        Synonym(words=words).full_clean()
    return " ".join(error.value.messages)


@pytest.mark.django_db
def test_expressions_are_tidied():
    group = Synonym(words=" Ressourcerie ,recyclerie,  ,jardin   partagé ")

    group.full_clean()

    assert group.words == "Ressourcerie, recyclerie, jardin partagé"
    assert group.expressions == ["Ressourcerie", "recyclerie", "jardin partagé"]
    assert str(group) == group.words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ressourcerie", "deux à 8"),
        ("vélo, vélos", "que la recherche distingue"),
        ("vélo, le la", "« le la »"),
        (", ".join(f"mot{n}" for n in range(9)), "deux à 8"),
        ("vélo, 🌱", "« 🌱 »"),
    ],
)
def test_a_group_that_the_search_cannot_use_is_refused_in_a_sentence(words, sentence):
    assert sentence in refusal(words)


@pytest.mark.django_db
def test_an_expression_is_in_one_group_only():
    Synonym.objects.create(words="ressourcerie, recyclerie")

    assert "déjà dans le groupe « ressourcerie, recyclerie »" in refusal("Recycleries, récup")


@pytest.mark.django_db
def test_the_database_refuses_a_group_of_one():
    with breaks("synonym_has_two_words"):
        Synonym.objects.bulk_create([Synonym(words="seul")])
