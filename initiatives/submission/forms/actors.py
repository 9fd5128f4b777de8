"""A structure that is typed: one of the directory, or one that is described and that the team will make."""

from django import forms

from initiatives.directory.duplicates import likely_duplicates
from initiatives.directory.structures import structures_named
from initiatives.models import Actor, FundingSource
from initiatives.models.vocabulary import ActorKind, LegalForm
from initiatives.text import sort_key

ANOTHER = "autre"


class ActorNameField(forms.CharField):
    """The name of a structure. Goes with a ``KeyField`` named ``<name>_key``."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


def find_actor(form, name, *, number="", website="") -> Actor | None:
    """The published actor that a form names, or None: there is none, or the person says that it is another one.

    When some are alike, or their names hold these words, the person chooses: it is an error of the form until then.
    """
    words, key = form.cleaned_data.get(name, ""), form.cleaned_data.get(f"{name}_key", "")
    if not words or key == ANOTHER:
        return None
    named = list(_called(Actor, words))
    return _chosen(form, name, named) or _ask(form, name, named or _alike(words, number, website))


def find_funder(form, name) -> tuple[FundingSource | None, Actor | None]:
    """The funding source or the actor that a form names, asked about as ``find_actor`` does; one of them at most."""
    words, key = form.cleaned_data.get(name, ""), form.cleaned_data.get(f"{name}_key", "")
    if not words or key == ANOTHER:
        return None, None
    sources, actors = list(_called(FundingSource, words)), list(_called(Actor, words))
    named = [*sources, *actors]
    found = _chosen(form, name, named)
    if found is None and len(sources) == 1:
        # A source and who offers it may bear one name: the source says more.
        found = sources[0]
    found = found or _ask(form, name, named or [*structures_named(FundingSource, words), *_alike(words)])
    return (found, None) if isinstance(found, FundingSource) else (None, found)


def described(name, **said) -> dict:
    """A structure that the directory does not know."""
    nothing = {"kind": ActorKind.UNKNOWN, "legal_form": LegalForm.UNKNOWN, "siren": "", "siret": "", "website": ""}
    return {"name": name} | nothing | {"summary": ""} | said


def _called(model, words):
    wanted = sort_key(words)
    return model.objects.published().filter(sort_key=wanted) if wanted else ()


def _alike(words, number="", website=""):
    """The published actors that these words may mean, the likeliest first."""
    likely = likely_duplicates(Actor, name=words, siren=number[:9], website=website)
    found = [likeness.fiche for likeness in likely if likeness.fiche.is_published]
    return list(dict.fromkeys([*found, *structures_named(Actor, words).select_related("seat")]))


def _chosen(form, name, among):
    """The only one of these, or that whose key the form holds."""
    key = form.cleaned_data.get(f"{name}_key", "")
    chosen = next((row for row in among if str(row.uuid) == key), None)
    return chosen or (among[0] if len(among) == 1 else None)


def _ask(form, name, among):
    """The one of these whose key the form holds; else have the person choose, when there are some."""
    key = form.cleaned_data.get(f"{name}_key", "")
    if chosen := next((row for row in among if str(row.uuid) == key), None):
        return chosen
    if among:
        form.fields[f"{name}_key"].offer([*((str(row.uuid), _told(row)) for row in among), (ANOTHER, "Une autre")])
        form.add_error(name, "L’annuaire connaît une structure de ce nom, ou presque : dites si c’est elle.")
    return None


def _told(row):
    if isinstance(row, FundingSource):
        return f"{row.name} (financement)"
    return _told_actor(row)


def _told_actor(actor):
    said = [actor.get_kind_display()] if actor.kind != ActorKind.UNKNOWN else []
    said += [actor.seat.name] if actor.seat else []
    return f"{actor.name} ({', '.join(said)})" if said else actor.name
