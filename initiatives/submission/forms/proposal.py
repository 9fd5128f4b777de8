"""A change of a published fiche: its sections, prefilled, then why, and who proposes it."""

import json

from django import forms

from initiatives.models import Actor, Consent, FundingSource, Initiative
from initiatives.submission import documents
from initiatives.submission.comparing import changes_between, marks, moved_since, public_document, read_marks, untouched
from initiatives.submission.form_fields import CountedText
from initiatives.submission.forms import actor, funding_source
from initiatives.submission.forms.answers import PageField
from initiatives.submission.forms.essential import EssentialForm
from initiatives.submission.forms.fields import NamesOfFiche
from initiatives.submission.forms.means import MeansForm
from initiatives.submission.forms.names import Names
from initiatives.submission.forms.novelty import NoveltyForm
from initiatives.submission.forms.photos import MOST_PHOTOS, PhotosForm, new_photo
from initiatives.submission.forms.signed import SignedForm
from initiatives.submission.forms.steps import ADD_ROW, tell, with_one_row_more
from initiatives.submission.forms.territory import TerritoryForm

SECTIONS = {
    Initiative: (
        ("essentiel", "L’essentiel", EssentialForm),
        ("territoire", "Où et pour qui", TerritoryForm),
        ("nouveaute", "Le besoin, la réponse, ce qui est nouveau", NoveltyForm),
        ("moyens", "Qui, et avec quels moyens", MeansForm),
        ("photos", "Photos et liens", PhotosForm),
    ),
    Actor: actor.SECTIONS,
    FundingSource: funding_source.SECTIONS,
}
SHOWN = "montre"
LONGEST_ADDRESS = 500


class WhyForm(SignedForm):
    """Its fields are named apart: those of the fiche have the same names."""

    comment = CountedText(
        label="Pourquoi, et d’où le tenez-vous ?",
        max_length=2000,
        help_text="Exemples : « J’y travaille », « L’adresse a changé en septembre », « Lu dans le journal ».",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites en quelques mots pourquoi, ou d’où vous le tenez."},
    )
    source_url = PageField(label="Une page qui le dit", longest=LONGEST_ADDRESS)
    licence = forms.BooleanField(
        label="Mes textes peuvent être publiés et repris sous Licence Ouverte 2.0",
        help_text="Chacun pourra reprendre ce que vous écrivez, en citant InnovGuide.",
        error_messages={"required": "Cochez la case : sans cela, vos textes ne peuvent pas être publiés."},
    )
    consents = (Consent.Text.LICENCE, Consent.Text.PRIVACY)
    last = ("name", "email", "licence")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="vous", **kwargs)

    @property
    def told(self) -> str:
        """Why, and where it can be read."""
        page = self.cleaned_data["source_url"]
        return f"{self.cleaned_data['comment']}\n\nSource : {page}" if page else self.cleaned_data["comment"]


class Section:
    """A part of the page. ``is_open``: something in it is to be looked at."""

    def __init__(self, key, title, form, is_open=False):
        self.key, self.title, self.form, self.is_open = key, title, form, is_open


class ProposalForms:
    """All the forms of the page. ``data``: what was sent, or None.

    ``start``: what was proposed already, and is being corrected: {field: value}. ``sent``: UUIDs of the photos that
    came before the rest. ``initial``: what is known of the person and of their reasons.
    """

    def __init__(self, fiche, data=None, *, start=None, sent=(), user=None, now=None, initial=None):
        self.fiche, self.model = fiche, type(fiche)
        # Nothing of what was taken off the directory is shown again.
        self.base = public_document(fiche) if fiche.is_published else documents.blank(self.model)
        self.start, self.sent = start or {}, [str(uuid) for uuid in sent]
        wish = data.get("faire", "") if data is not None else ""
        self.grows = wish.removeprefix(f"{ADD_ROW}-") if wish.startswith(f"{ADD_ROW}-") else ""
        self.data = with_one_row_more(data, self.grows) if self.grows else data
        if data is not None and self.sent:
            self.data = _with_their_rows(self.data, self.sent)
        self.shown = read_marks(data.get(SHOWN, "")) if data is not None else marks(self.model, self.base)
        self.why = WhyForm(self.data, now=now, user=user, initial=initial)
        self.notice = ""
        self._make(self._to_fill(), self.data)

    @property
    def is_bound(self):
        return self.data is not None

    @property
    def all_forms(self):
        """For the summary of errors."""
        return [*(form for section in self.sections for form in section.form.all_forms), self.why]

    @property
    def shown_marks(self):
        return json.dumps(self.shown, separators=(",", ":"))

    def is_valid(self):
        return all([*(section.form.is_valid() for section in self.sections), self.why.is_valid()])

    def changes(self) -> dict:
        """What is said otherwise than on the fiche of today: field → (today, proposed). The forms are valid."""
        found = changes_between(self.model, self.base, self.after)
        left = untouched(self.model, self.shown, self.after, moved_since(self.model, self.shown, self.base))
        return {name: values for name, values in found.items() if name not in left}

    def clashes(self, changes) -> list[str]:
        """The names of the fields that both the person and somebody else changed meanwhile."""
        moved = moved_since(self.model, self.shown, self.base)
        return [documents.label(self.model, name) for name in changes if name in moved]

    def show_again_on_today(self, changes):
        """Put what was typed on the fiche of today: the rest says what it says now."""
        self.shown = marks(self.model, self.base)
        document = self.base | {name: proposed for name, (_, proposed) in changes.items()}
        self._make(document, None)
        for section in self.sections:
            section.is_open = True

    def tell(self, messages) -> list[str]:
        """Put what the team says beside what it speaks of; returns what has no place."""
        return tell([section.form for section in self.sections], messages)

    def forget_errors(self):
        for section in self.sections:
            section.form.forget_errors()
        self.why._errors = type(self.why.errors)()

    def open_what_matters(self):
        """The sections with something wrong, or where a line was just added; the first one of a fresh page."""
        for section in self.sections:
            rows = section.form.rows
            is_wrong = self.is_bound and not section.form.is_valid()
            section.is_open = section.is_open or is_wrong or self.grows in rows
        if not any(section.is_open for section in self.sections):
            self.sections[0].is_open = True

    @property
    def new_photos(self):
        """The lines of proposed photos that the fiche does not have."""
        known = {line["uuid"] for line in self.base.get("photos", ())}
        return [line for line in self.after.get("photos", ()) if line["uuid"] not in known]

    @property
    def consents(self):
        """The texts that this proposal accepts."""
        texts = [*self.why.consents]
        texts += [Consent.Text.PHOTOS] if self.new_photos else []
        return texts + ([Consent.Text.PRINT] if any(line["print_allowed"] for line in self.new_photos) else [])

    def _to_fill(self):
        document = self.base | self.start
        if not self.sent:
            return document
        known = {line["uuid"] for line in document["photos"]}
        added = [new_photo(uuid) for uuid in self.sent if uuid not in known]
        return document | {"photos": [*document["photos"], *added]}

    def _make(self, document, data):
        """Each section starts from what the one before it says, since they share some of the fiche."""
        make_names = Names if self.model is Initiative else NamesOfFiche
        names = make_names(document)
        self.sections = []
        for key, title, form_class in SECTIONS[self.model]:
            options = {"names": names}
            if form_class is PhotosForm:
                options["promised"] = [line["uuid"] for line in self.base["photos"] + self.start.get("photos", [])]
            form = form_class(document, data, None, **options)
            if form_class is EssentialForm:
                # Whoever proposes is not always the one who carries it, as who deposits is.
                form.fields["summary"].label, form.fields["theme"].help_text = "L’initiative en deux phrases", ""
            self.sections.append(Section(key, title, form))
            if data is not None and form.is_valid():
                document = form.write_on(document)
        self.after = document


def _with_their_rows(data, uuids):
    """The answers with a row for each of these photos: those that have just come were in no row of the page."""
    total = data.get("photos-TOTAL_FORMS", "0")
    count = int(total) if total.isdecimal() and len(total) < 5 and int(total) <= MOST_PHOTOS else 0
    known = {data.get(f"photos-{number}-uuid") for number in range(count)}
    data = data.copy()
    for uuid in uuids:
        if uuid not in known:
            data[f"photos-{count}-uuid"], data[f"photos-{count}-licence"] = uuid, new_photo(uuid)["licence"]
            count += 1
    data["photos-TOTAL_FORMS"] = data["photos-INITIAL_FORMS"] = str(count)
    return data
