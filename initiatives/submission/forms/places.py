"""A place that is typed: chosen in the list while one types, or found from its name once the form is sent."""

from django import forms

from initiatives.directory.places import places_called
from initiatives.directory.suggest import suggest
from initiatives.models import Territory
from initiatives.text import fold

Kind = Territory.Kind
TOWNS = (Kind.COMMUNE, Kind.DISTRICT)


class PlaceField(forms.CharField):
    """The name of a place, or its postal code. Goes with a ``KeyField`` named ``<name>_key``."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class KeyField(forms.ChoiceField):
    """Which one was chosen: hidden, until several fit; then a question."""

    widget = forms.HiddenInput

    def __init__(self, label="Laquelle ?"):
        super().__init__(label=label, required=False)

    def to_python(self, value):
        return super().to_python(value).replace("\x00", "")

    def validate(self, value):
        """Read with the words that it goes with, and forgotten when they change."""

    def offer(self, choices):
        self.widget = forms.RadioSelect()
        self.choices = choices


def full_name(place) -> str:
    """« Vitrolles (Bouches-du-Rhône) »: there are several."""
    if place.department_id and place.kind in (*TOWNS, Kind.EPCI):
        return f"{place.name} ({place.department.name})"
    return place.name


def find_place(form, name, *, kinds=None) -> Territory | None:
    """The place that a form means; None when it says none or when it is not sure, which is said beside the field.

    ``kinds``: those that answer. Places outside the directory are refused, unless the fiche names them already.
    """
    words, key = form.cleaned_data.get(name, ""), form.cleaned_data.get(f"{name}_key", "")
    if not words:
        return None
    if words == form.initial.get(name) and (place := _of_key(form.initial.get(f"{name}_key", ""))):
        return place
    if place := _chosen(key, words, kinds):
        return place
    places, _ = places_called(words)
    here = [place for place in places if place.in_scope]
    fitting = [place for place in here if kinds is None or place.kind in kinds]
    begun = [] if places else _begun(words, kinds)
    chosen = [place for place in fitting + begun if place.key == key]
    if len(chosen or fitting) == 1:
        return (chosen or fitting)[0]
    if fitting:
        form.fields[f"{name}_key"].offer([(place.key, _told(place)) for place in fitting])
        form.add_error(name, f"{len(fitting)} lieux répondent à « {words} » : choisissez le bon.")
    elif here:
        form.add_error(name, f"« {here[0]} » n’est pas une commune : dites dans laquelle elle est.")
    elif places:
        form.add_error(name, f"« {places[0]} » n’est pas dans la région : dites où elle agit ici.")
    elif begun:
        form.fields[f"{name}_key"].offer([(place.key, _told(place)) for place in begun])
        form.add_error(name, "Choisissez dans la liste le lieu dont vous avez écrit le début.")
    else:
        form.add_error(name, f"Aucun lieu ne s’appelle « {words} ». Essayez le code postal.")
    return None


def _begun(words, kinds):
    """The places of the directory whose name the words begin, those that a script would have proposed."""
    proposed = [_of_key(one.key) for one in suggest(words) if not one.outside]
    return [place for place in proposed if place and (kinds is None or place.kind in kinds)]


def _chosen(key, words, kinds):
    """The place of the key, if the words still begin by its name."""
    place = _of_key(key)
    fits = place and place.in_scope and (kinds is None or place.kind in kinds)
    return place if fits and fold(words).startswith(fold(place.name)) else None


def _of_key(key):
    kind, _, code = key.partition("-")
    return Territory.objects.filter(kind=kind, code=code).select_related("department").first()


def _told(place):
    kind = place.nature.capitalize() if place.nature else place.get_kind_display()
    return f"{full_name(place)}, {kind[:1].lower()}{kind[1:]}"
