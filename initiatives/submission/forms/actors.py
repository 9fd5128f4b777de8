"""A structure that is typed: one of the directory, or one that is described and that the team will make."""

from uuid import UUID

from django import forms

from initiatives.directory.duplicates import likely_duplicates
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


def find_actor(form, name, *, number="", website="", asks=False) -> Actor | None:
    """The published actor that a form names, or None: there is none, or the person says that it is another one.

    ``asks``: when some are alike, have the person choose; it is an error of the form until then.
    """
    words, key = form.cleaned_data.get(name, ""), form.cleaned_data.get(f"{name}_key", "")
    if not words or key == ANOTHER:
        return None
    named, chosen = list(_called(Actor, words)), _of_key(Actor, key)
    if chosen in named or len(named) == 1:
        return chosen if chosen in named else named[0]
    if not asks:
        return None
    alike = likely_duplicates(Actor, name=words, siren=number[:9], website=website)
    alike = named or [likeness.fiche for likeness in alike if likeness.fiche.is_published]
    if chosen in alike:
        return chosen
    if alike:
        choices = [(str(actor.uuid), _told(actor)) for actor in alike]
        form.fields[f"{name}_key"].offer([*choices, (ANOTHER, "Une autre")])
        form.add_error(name, "L’annuaire connaît une structure de ce nom, ou presque : dites si c’est elle.")
    return None


def find_funder(form, name) -> tuple[FundingSource | None, Actor | None]:
    """The funding source or the actor that a form names; neither when the directory knows none of this name."""
    words, key = form.cleaned_data.get(name, ""), form.cleaned_data.get(f"{name}_key", "")
    if not words:
        return None, None
    sources, actors = list(_called(FundingSource, words)), list(_called(Actor, words))
    source = _of_key(FundingSource, key)
    actor = _of_key(Actor, key)
    if source in sources or (len(sources) == 1 and actor not in actors):
        return source if source in sources else sources[0], None
    return None, (actor if actor in actors else actors[0] if len(actors) == 1 else None)


def described(name, **said) -> dict:
    """A structure that the directory does not know."""
    nothing = {"kind": ActorKind.UNKNOWN, "legal_form": LegalForm.UNKNOWN, "siren": "", "siret": "", "website": ""}
    return {"name": name} | nothing | {"summary": ""} | said


def _called(model, words):
    wanted = sort_key(words)
    return model.objects.published().filter(sort_key=wanted) if wanted else ()


def _of_key(model, key):
    try:
        return model.objects.published().filter(uuid=UUID(key)).first()
    except ValueError:
        return None


def _told(actor):
    said = [actor.get_kind_display()] if actor.kind != ActorKind.UNKNOWN else []
    said += [actor.seat.name] if actor.seat else []
    return f"{actor.name} ({', '.join(said)})" if said else actor.name
