"""Third step: the need, the answer, what is new, and how far it has come."""

from django import forms

from initiatives.models.vocabulary import Activity, Novelty, Stage, YearPrecision
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.answers import UNKNOWN, YearField, unknown_last
from initiatives.submission.forms.steps import StepForm

TEXTS = {"social_need": 1500, "response": 2000, "innovation": 1500, "results": 1500, "difficulties": 1500}
STAGES = [
    (Stage.EMERGENCE.value, "Émergence : on prépare, on cherche des alliés"),
    (Stage.EXPERIMENTATION.value, "Expérimentation : on essaie, à petite échelle"),
    (Stage.DEVELOPMENT.value, "Développement : l’activité tourne et grandit"),
    (Stage.SCALING.value, "Essaimage : d’autres la refont ailleurs"),
    (Stage.UNKNOWN.value, UNKNOWN),
]
PRECISIONS = [
    (YearPrecision.EXACT.value, "cette année-là"),
    (YearPrecision.ABOUT.value, "environ"),
    (YearPrecision.BEFORE.value, "avant"),
]


class NoveltyForm(StepForm):
    template_name = "deposit/steps/nouveaute.html"

    social_need = CountedText(
        label="Le besoin",
        max_length=TEXTS["social_need"],
        required=False,
        help_text="Qu’est-ce qui manquait, et à qui ? Exemple : « Dans trois vallées, plus aucun commerce à moins de "
        "vingt minutes de route. »",
    )
    response = CountedText(
        label="La réponse",
        max_length=TEXTS["response"],
        required=False,
        help_text="Ce que vous faites, et comment, avec qui. Ce qu’un visiteur verrait.",
    )
    innovation = CountedText(
        label="Ce qui est nouveau ici",
        max_length=TEXTS["innovation"],
        required=False,
        help_text="Une idée connue ailleurs peut être neuve sur votre territoire.",
    )
    novelties = forms.MultipleChoiceField(
        label="Où est la nouveauté ?", choices=Novelty, required=False, widget=forms.CheckboxSelectMultiple
    )
    results = CountedText(
        label="Résultats",
        max_length=TEXTS["results"],
        required=False,
        help_text="Avec leur date, si ce sont des nombres. Exemple : « En 2025, 140 foyers, 3 emplois. »",
    )
    difficulties = CountedText(
        label="Difficultés rencontrées",
        max_length=TEXTS["difficulties"],
        required=False,
        help_text="Ce qui aide le plus les autres. Rien ne vous y oblige.",
    )
    stage = forms.ChoiceField(label="Étape", choices=STAGES, required=False, widget=forms.RadioSelect)
    activity = forms.ChoiceField(
        label="Est-elle en activité ?", choices=unknown_last(Activity), required=False, widget=forms.RadioSelect
    )
    start_year = YearField(label="Année de démarrage")
    start_precision = forms.ChoiceField(label="Démarrage", choices=PRECISIONS, required=False)
    end_year = YearField(label="Année de fin", help_text="Seulement si elle est terminée.")
    end_precision = forms.ChoiceField(label="Fin", choices=PRECISIONS, required=False)

    COLUMNS = (*TEXTS, "novelties", "stage", "activity", "start_year", "start_precision", "end_year", "end_precision")

    def __init__(self, document, *args, **kwargs):
        super().__init__(document, *args, **kwargs)
        for name, longest in TEXTS.items():
            # What is published already may be longer: it is not to be cut to change something else.
            self.fields[name].max_length = max(longest, len(document[name]))

    def read(self, document):
        return {name: document[name] for name in self.COLUMNS}

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start_year"), cleaned.get("end_year")
        if start and end and end < start:
            self.add_error("end_year", "L’année de fin ne peut pas précéder celle du démarrage.")
        return cleaned

    def write_on(self, document):
        answers = {name: self.cleaned_data[name] for name in self.COLUMNS}
        answers["stage"] = answers["stage"] or Stage.UNKNOWN.value
        answers["activity"] = answers["activity"] or Activity.UNKNOWN.value
        for name in ("start_precision", "end_precision"):
            answers[name] = answers[name] or YearPrecision.EXACT.value
        return document | answers
