"""Fifth step: where to read more, and photos with their rights."""

from urllib.parse import urlsplit

from django import forms

from initiatives.models import Initiative, Photo, Source
from initiatives.submission.forms.answers import PageField, ShortText, YearField
from initiatives.submission.forms.steps import BaseRows, Row, StepForm, rows_of

MOST_PHOTOS = 6
LONGEST_WEBSITE = Initiative._meta.get_field("website").max_length
LONGEST = {name: Source._meta.get_field(name).max_length for name in ("title", "publisher", "url")}
LONGEST_ALT = Photo._meta.get_field("alt").max_length
LONGEST_CREDIT = Photo._meta.get_field("credit").max_length
LICENCES = [
    ("Tous droits réservés", "Sur InnovGuide seulement (tous droits réservés)"),
    ("Licence Ouverte 2.0", "Chacun peut la reprendre, en citant le crédit (Licence Ouverte 2.0)"),
]


class SourceRow(Row):
    """A page that speaks of it: an article, a report, a film."""

    DECIDING = ("url", "title", "publisher")

    url = PageField(label="Adresse", longest=LONGEST["url"])
    title = ShortText(label="Titre", longest=LONGEST["title"], required=False)
    publisher = ShortText(label="Qui la publie", longest=LONGEST["publisher"], required=False)
    year = YearField(label="Année")

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("publisher"):
            host = (urlsplit(cleaned.get("url") or "").hostname or "").removeprefix("www.")
            if not host and "url" not in self.errors:
                self.add_error("publisher", "Donnez l’adresse, ou dites qui la publie.")
            cleaned["publisher"] = host
        return cleaned


class SourceRows(BaseRows):
    NEW = {"title": "", "publisher": "", "url": "", "year": None}
    ADD = "Ajouter un lien"


class PhotoRow(Row):
    """A photo that was sent already. ``may_publish`` is asked of those that are not on a fiche yet."""

    alt = ShortText(
        label="Ce que l’on voit",
        longest=LONGEST_ALT,
        help_text="Pour qui ne voit pas la photo. Exemple : « Deux bénévoles rangent des cageots devant la boutique. »",
    )
    credit = ShortText(
        label="Crédit",
        longest=LONGEST_CREDIT,
        help_text="L’auteur, ou la structure.",
    )
    licence = forms.ChoiceField(label="Où peut-elle servir ?", choices=LICENCES)
    may_publish = forms.BooleanField(
        label="J’ai le droit de publier cette photo, et les personnes que l’on reconnaît sont d’accord",
    )
    print_allowed = forms.BooleanField(label="Elle peut aussi être imprimée dans le guide", required=False)

    WANTED = {
        "alt": "dites ce que l’on y voit.",
        "credit": "dites de qui elle est.",
        "may_publish": "cochez la case qui dit que vous pouvez la publier, ou retirez-la.",
    }
    MARKED = ("alt", "credit", "may_publish")
    SAID = ("alt", "credit", "licence", "print_allowed")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Its number, as on the page: several photos may want the same thing.
        place = self.prefix.rpartition("-")[2]
        called = f"Photo {int(place) + 1}" if place.isdecimal() else "Photo"
        for name, sentence in self.WANTED.items():
            self.fields[name].error_messages["required"] = f"{called} : {sentence}"
        licence = self.initial.get("licence")
        if licence and licence not in dict(LICENCES):
            self.fields["licence"].choices = [(licence, licence), *LICENCES]

    def has_changed(self):
        """A photo is there until it is removed, whatever is said of it."""
        return bool(self.initial)

    @property
    def photo_uuid(self):
        """Which photo it speaks of: another tab may have changed their order."""
        return str(self["uuid"].value() or "")


class PhotoRows(BaseRows):
    def lines_after(self):
        """The right to publish is a promise, that the fiche does not say."""
        return [{key: value for key, value in line.items() if key != "may_publish"} for line in super().lines_after()]

    def lines_so_far(self):
        """The same, where what is wrong is left as it was."""
        said = {form.photo_uuid: form for form in self.forms}
        return [
            {name: value for name, value in line.items() if name != "may_publish"}
            | {name: said[uuid].cleaned_data[name] for name in PhotoRow.SAID if name in said[uuid].cleaned_data}
            if uuid in said
            else {name: value for name, value in line.items() if name != "may_publish"}
            for uuid, line in self.lines.items()
            if uuid not in self.removed()
        ]

    def removed(self):
        """UUIDs of the photos to take away."""
        return [form.photo_uuid for form in self.forms if form.cleaned_data.get("DELETE")]

    def promised(self):
        """UUIDs of the photos that may be published, as the person promises."""
        return [form.photo_uuid for form in self.forms if form.cleaned_data.get("may_publish")]


SOURCES = rows_of(SourceRow, base=SourceRows)
PHOTOS = rows_of(PhotoRow, base=PhotoRows, extra=0)


class PhotosForm(StepForm):
    """``promised``: UUIDs of the photos of which the right to publish was promised already."""

    template_name = "deposit/steps/photos.html"

    website = PageField(
        label="Site de l’initiative", longest=LONGEST_WEBSITE, help_text="Le sien, ou sa page sur un autre."
    )

    def __init__(self, document, data=None, files=None, *, promised=(), **kwargs):
        self.promised = set(promised)
        super().__init__(document, data, files, **kwargs)

    def read(self, document):
        return {"website": document["website"]}

    def lines(self, document):
        photos = [line | {"may_publish": line["uuid"] in self.promised} for line in document["photos"]]
        return {"liens": (SOURCES, document["sources"]), "photos": (PHOTOS, photos)}

    @property
    def room(self):
        """How many more photos may be sent."""
        return max(0, MOST_PHOTOS - len(self.document["photos"]))

    def write_on(self, document):
        return document | {
            "website": self.cleaned_data["website"],
            "sources": self.rows["liens"].lines_after(),
            "photos": self.rows["photos"].lines_after(),
        }


def with_new_photos(data, document):
    """The same answers, with a line for each photo that was sent since."""
    data = data.copy()
    known = data.get("photos-TOTAL_FORMS", "")
    first, lines = int(known) if known.isdecimal() and len(known) < 5 else 0, document["photos"]
    for number, line in list(enumerate(lines))[first:]:
        data[f"photos-{number}-uuid"], data[f"photos-{number}-licence"] = line["uuid"], line["licence"]
    data["photos-TOTAL_FORMS"] = data["photos-INITIAL_FORMS"] = str(max(first, len(lines)))
    return data


def new_photo(uuid) -> dict:
    """What a document says of a photo that was just sent: nobody has described it yet."""
    return {"uuid": str(uuid), "alt": "", "credit": "", "licence": LICENCES[0][0], "print_allowed": False}
