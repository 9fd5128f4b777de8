"""Fourth step: who carries it, with whom, with what money; how to do it elsewhere, and what it looks for."""

from uuid import uuid4

from django import forms

from initiatives.models import Initiative, TakingPart
from initiatives.models.vocabulary import ActorKind, LegalForm, Role, WayToTakePart
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms.actors import ANOTHER, ActorNameField, described, find_actor
from initiatives.submission.forms.answers import (
    CompanyNumberField,
    PageField,
    ShortText,
    split_company_number,
    unknown_last,
)
from initiatives.submission.forms.lines import FUNDINGS, NOTICES, PARTNERS
from initiatives.submission.forms.places import KeyField
from initiatives.submission.forms.steps import StepForm

LONGEST = {
    name: Initiative._meta.get_field(name).max_length
    for name in ("redo_cost", "redo_duration", "contact_email", "contact_phone", "contact_note", "website")
}
LONGEST_HOW = TakingPart._meta.get_field("how").max_length
LONGEST_REDO = 1500


class MeansForm(StepForm):
    template_name = "deposit/steps/moyens.html"

    structure = ActorNameField(
        label="Nom de la structure",
        help_text="Celle qui porte l’initiative : association, coopérative, commune, collectif sans statut…",
    )
    structure_key = KeyField("Est-ce l’une d’elles ?")
    structure_kind = forms.ChoiceField(
        label="Ce qu’elle est", choices=[("", "À choisir"), *unknown_last(ActorKind)], required=False
    )
    structure_form = forms.ChoiceField(
        label="Forme juridique", choices=[("", "À choisir"), *unknown_last(LegalForm)], required=False
    )
    structure_number = CompanyNumberField(
        label="Siren ou Siret",
        help_text="9 ou 14 chiffres, sur vos factures. Il évite de confondre deux structures. Un collectif n’en a pas.",
    )
    structure_website = PageField(label="Site de la structure", longest=LONGEST["website"])

    redo_cost = ShortText(label="Budget de départ", longest=LONGEST["redo_cost"], required=False)
    redo_duration = ShortText(label="Temps de mise en route", longest=LONGEST["redo_duration"], required=False)
    redo_partners = CountedText(label="Ce et ceux qu’il faut", max_length=LONGEST_REDO, required=False)
    redo_pitfalls = CountedText(label="Les écueils", max_length=LONGEST_REDO, required=False)

    contact_email = forms.EmailField(
        label="Adresse électronique publique",
        required=False,
        help_text="Celle de la structure, si vous voulez que chacun puisse écrire. Elle est publiée.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : bonjour@exemple.fr."},
    )
    contact_phone = ShortText(label="Téléphone public", longest=LONGEST["contact_phone"], required=False)
    contact_note = ShortText(
        label="Comment vous joindre",
        longest=LONGEST["contact_note"],
        required=False,
        help_text="Exemple : « plutôt le matin, du mardi au jeudi ».",
    )

    COLUMNS = ("redo_cost", "redo_duration", "redo_partners", "redo_pitfalls")
    COLUMNS += ("contact_email", "contact_phone", "contact_note")
    WAYS = tuple(WayToTakePart)

    def __init__(self, document, *args, **kwargs):
        for_each = {
            f"way_{way.value}": ShortText(label=way.label, longest=LONGEST_HOW, required=False) for way in self.WAYS
        }
        super().__init__(document, *args, **kwargs)
        for name, field in for_each.items():
            field.told = []
            self.fields[name] = field
        for name in ("redo_partners", "redo_pitfalls"):
            self.fields[name].max_length = max(LONGEST_REDO, len(document[name]))

    @property
    def ways(self):
        """The fields that say how to take part."""
        return [self[f"way_{way.value}"] for way in self.WAYS]

    def read(self, document):
        lead = lead_of(document) or {}
        new = lead.get("new_actor") or {}
        ways = {f"way_{line['way']}": line["how"] for line in document["ways_to_take_part"]}
        return {name: document[name] for name in self.COLUMNS} | {
            **ways,
            "structure": new.get("name") or self.names.of(lead.get("actor")),
            "structure_key": ANOTHER if new else lead.get("actor") or "",
            "structure_kind": new.get("kind", ""),
            "structure_form": new.get("legal_form", ""),
            "structure_number": new.get("siret") or new.get("siren", ""),
            "structure_website": new.get("website", ""),
        }

    def lines(self, document):
        lead = lead_of(document)
        partners = [line for line in document["participations"] if line is not lead]
        return {
            "partenaires": (PARTNERS, partners),
            "financements": (FUNDINGS, document["fundings"]),
            "annonces": (NOTICES, document["notices"]),
        }

    def clean(self):
        cleaned = super().clean()
        self.lead, lead = None, lead_of(self.document)
        if lead and lead.get("actor") and cleaned.get("structure") == self.names.of(lead["actor"]):
            # The same as before, published or not.
            self.lead = lead["actor"]
            return cleaned
        number, website = cleaned.get("structure_number", ""), cleaned.get("structure_website", "")
        found = find_actor(self, "structure", number=number, website=website)
        self.lead = str(found.uuid) if found else None
        if not cleaned.get("structure") and (number or website):
            self.add_error("structure", "Donnez le nom de la structure.")
        return cleaned

    def write_on(self, document):
        answers = self.cleaned_data
        partners = self.rows["partenaires"].lines_after()
        return document | {
            **{name: answers[name] for name in self.COLUMNS},
            "participations": [*self._lead_line(document), *partners],
            "fundings": self.rows["financements"].lines_after(),
            "notices": self.rows["annonces"].lines_after(),
            "ways_to_take_part": self._ways(document),
        }

    def _lead_line(self, document):
        answers = self.cleaned_data
        if not answers["structure"]:
            return []
        line = lead_of(document) or {"uuid": str(uuid4()), "detail": "", "since": None, "until": None}
        line = {**line, "actor": self.lead, "role": Role.HOLDER.value, "is_lead": True}
        line.pop("new_actor", None)
        if not self.lead:
            line["new_actor"] = described(
                answers["structure"],
                kind=answers["structure_kind"] or ActorKind.UNKNOWN.value,
                legal_form=answers["structure_form"] or LegalForm.UNKNOWN.value,
                website=answers["structure_website"],
                **split_company_number(answers["structure_number"]),
            )
        return [line]

    def _ways(self, document):
        known = {line["way"]: line for line in document["ways_to_take_part"]}
        said = {way.value: self.cleaned_data[f"way_{way.value}"] for way in self.WAYS}
        return [known.get(way, {"uuid": str(uuid4()), "way": way}) | {"how": how} for way, how in said.items() if how]


def lead_of(document):
    """The line of the structure that carries it, or None."""
    return next((line for line in document["participations"] if line.get("is_lead")), None)
