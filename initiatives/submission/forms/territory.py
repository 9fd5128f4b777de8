"""Second step: where it acts and for whom."""

from django import forms

from initiatives.models import Audience, Site, Theme
from initiatives.models.vocabulary import Milieu, Scale
from initiatives.submission.forms.answers import ShortText, unknown_last
from initiatives.submission.forms.essential import ThemeChoice
from initiatives.submission.forms.places import TOWNS, KeyField, PlaceField, find_place
from initiatives.submission.forms.steps import BaseRows, Row, StepForm, rows_of

LONGEST_LABEL = Site._meta.get_field("label").max_length
LONGEST_ADDRESS = Site._meta.get_field("address").max_length
MOST_THEMES = 3


class PlaceRow(Row):
    """One territory where it acts, of any kind."""

    DECIDING = ("place",)

    place = PlaceField(label="Territoire", required=False)
    place_key = KeyField("Lequel ?")

    @classmethod
    def read(cls, line, names):
        return {"place": names.of(line["uuid"]), "place_key": line["uuid"]}

    def clean(self):
        cleaned = super().clean()
        self.found = find_place(self, "place")
        return cleaned


class CoverageRows(BaseRows):
    """A set of keys rather than lines: the key of a territory stands for the UUID."""

    ADD = "Ajouter un territoire"

    def keys_after(self):
        if not self.is_bound:
            return [*self.lines]
        return sorted({form.found.key for form in self.forms if form.is_there})


class SiteRow(Row):
    """Another place where it is."""

    DECIDING = ("place", "label", "address")

    place = PlaceField(label="Commune", error_messages={"required": "Dites dans quelle commune."})
    place_key = KeyField()
    label = ShortText(label="Nom du lieu", longest=LONGEST_LABEL, required=False)
    address = ShortText(label="Adresse", longest=LONGEST_ADDRESS, required=False)

    @classmethod
    def read(cls, line, names):
        return line | {"place": names.of(line["territory"]), "place_key": line["territory"]}

    def clean(self):
        cleaned = super().clean()
        self.found = find_place(self, "place", kinds=TOWNS)
        return cleaned

    def write(self, line):
        return super().write(line) | {"territory": self.found.key}


class SiteRows(BaseRows):
    NEW = {"territory": "", "label": "", "address": ""}
    ADD = "Ajouter un lieu"


COVERAGE, SITES = rows_of(PlaceRow, base=CoverageRows), rows_of(SiteRow, base=SiteRows)


class TerritoryForm(StepForm):
    template_name = "deposit/steps/territoire.html"

    second_theme = ThemeChoice(label="Deuxième thème", required=False, empty_label="Aucun")
    third_theme = ThemeChoice(label="Troisième thème", required=False, empty_label="Aucun")
    scale = forms.ChoiceField(label="À quelle échelle agit-elle ?", choices=unknown_last(Scale), required=False)
    milieu = forms.ChoiceField(label="Dans quel milieu ?", choices=unknown_last(Milieu), required=False)
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.all(),
        to_field_name="slug",
        label="À qui s’adresse-t-elle d’abord ?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    site_label = ShortText(
        label="Nom du lieu",
        longest=LONGEST_LABEL,
        required=False,
        help_text="Si on peut vous rendre visite. Exemple : « La Halle du quai ».",
    )
    site_address = ShortText(label="Adresse du lieu", longest=LONGEST_ADDRESS, required=False)

    def read(self, document):
        seat = document["sites"][0] if document["sites"] else {"label": "", "address": ""}
        others = [*document["themes"][1:MOST_THEMES], "", ""]
        return {
            "second_theme": others[0],
            "third_theme": others[1],
            "scale": document["scale"],
            "milieu": document["milieu"],
            "audiences": document["audiences"],
            "site_label": seat["label"],
            "site_address": seat["address"],
        }

    def lines(self, document):
        keys = [{"uuid": key} for key in document["coverage"]]
        return {"territoires": (COVERAGE, keys), "lieux": (SITES, document["sites"][1:])}

    def clean(self):
        cleaned = super().clean()
        second, third = cleaned.get("second_theme"), cleaned.get("third_theme")
        if second and second == third:
            self.add_error("third_theme", "Ce thème est déjà choisi juste avant.")
        main = Theme.objects.filter(slug=self.document["themes"][0]).first() if self.document["themes"] else None
        for name in ("second_theme", "third_theme"):
            if main and cleaned.get(name) == main:
                self.add_error(name, "C’est déjà le thème principal.")
        return cleaned

    def write_on(self, document):
        answers = self.cleaned_data
        themes = [document["themes"][0]] if document["themes"] else []
        themes += [theme.slug for theme in (answers["second_theme"], answers["third_theme"]) if theme]
        seat = document["sites"][:1]
        if seat:
            seat = [seat[0] | {"label": answers["site_label"], "address": answers["site_address"]}]
        return document | {
            "themes": list(dict.fromkeys(themes))[:MOST_THEMES],
            "scale": answers["scale"] or Scale.UNKNOWN.value,
            "milieu": answers["milieu"] or Milieu.UNKNOWN.value,
            "audiences": sorted(audience.slug for audience in answers["audiences"]),
            "coverage": self.rows["territoires"].keys_after(),
            "sites": [*seat, *self.rows["lieux"].lines_after()],
        }
