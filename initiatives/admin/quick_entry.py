"""Quick entry: an initiative in a few answers, saved as a draft once one has looked at those that may be the same."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from initiatives.admin.names import choice_name
from initiatives.directory.duplicates import likely_duplicates, remember_distinct
from initiatives.directory.places import places_called
from initiatives.models import Initiative, InitiativeTheme, Site, Source, Territory, Theme
from initiatives.submission.actions import record_edit
from initiatives.submission.history import act

TOWNS = (Territory.Kind.COMMUNE, Territory.Kind.DISTRICT)
# Answers that the next entry begins with: field of the form → parameter of the address.
KEPT = {"place": "commune", "theme": "theme", "publisher": "editeur"}


class PlaceChoice(forms.ModelChoiceField):
    """One of the communes that the words may mean; read with these words, and forgotten when they change."""

    def clean(self, value):
        return value

    def label_from_instance(self, place):
        return _in_full(place.name, place.department)


class ThemeChoice(forms.ModelChoiceField):
    def label_from_instance(self, theme):
        return choice_name(theme)


class QuickEntryForm(forms.Form):
    """What a draft needs. No ``maxlength``: what is too long is said, never cut."""

    name = forms.CharField(label="Nom de l’initiative", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    place = forms.CharField(
        label="Commune",
        help_text="Son nom, ou son code postal. Exemples : « Arles », « 13200 », « Marseille 3e ».",
        widget=forms.TextInput(attrs={"list": "communes", "autocomplete": "off"}),
    )
    chosen_place = PlaceChoice(Territory.objects.none(), label="Laquelle ?", required=False, widget=forms.RadioSelect)
    summary = forms.CharField(
        label="L’initiative en deux phrases",
        help_text="Le besoin, puis ce qu’elle fait. 300 caractères au plus.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    theme = ThemeChoice(Theme.objects.in_order(), label="Thème principal", empty_label="À choisir")
    source_url = forms.URLField(
        label="Adresse de la source",
        help_text="La page où vous l’avez lu. Elle est comparée aux sites des autres fiches.",
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : https://gazette.fr/un-article."},
    )
    publisher = forms.CharField(label="Qui publie cette source", help_text="Le journal, la structure, la collectivité.")

    LONGEST = {
        "name": Initiative._meta.get_field("name").max_length,
        "summary": Initiative._meta.get_field("summary").max_length,
        "source_url": Source._meta.get_field("url").max_length,
        "publisher": Source._meta.get_field("publisher").max_length,
    }
    REQUIRED = {
        "name": "Donnez son nom.",
        "place": "Dites dans quelle commune elle est.",
        "summary": "Dites en deux phrases ce qu’elle est.",
        "theme": "Choisissez son thème principal.",
        "source_url": "Donnez l’adresse de la page où vous l’avez lu.",
        "publisher": "Dites qui publie cette source.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, sentence in self.REQUIRED.items():
            self.fields[name].error_messages["required"] = sentence

    def clean(self):
        cleaned = super().clean()
        for name, longest in self.LONGEST.items():
            cleaned[name] = " ".join(cleaned.get(name, "").split())
            excess = len(cleaned[name]) - longest
            if excess > 0:
                self.add_error(name, f"Raccourcissez de {excess} caractère{'s' if excess > 1 else ''}.")
        if cleaned.get("place"):
            cleaned["territory"] = self._find_place(cleaned["place"])
        return cleaned

    def _find_place(self, words):
        """The commune that the words mean; None when it is not sure, which is said beside the field."""
        places, _ = places_called(words)
        here = [place for place in places if place.in_scope]
        towns = [place for place in here if place.kind in TOWNS]
        chosen = [place for place in towns if str(place.pk) == self.cleaned_data["chosen_place"]]
        if len(towns) > 1:
            self.fields["chosen_place"].queryset = Territory.objects.filter(
                pk__in=[place.pk for place in towns]
            ).select_related("department")
        if len(chosen or towns) == 1:
            return (chosen or towns)[0]
        if towns:
            self.add_error("place", f"{len(towns)} communes répondent à « {words} » : choisissez la bonne.")
        elif here:
            kind = here[0].get_kind_display().lower()
            self.add_error("place", f"« {here[0]} » n’est pas une commune ({kind}) : dites dans laquelle elle est.")
        elif places:
            self.add_error("place", f"« {places[0]} » n’est pas dans le territoire de l’annuaire.")
        else:
            self.add_error("place", f"Aucune commune ne s’appelle « {words} ». Essayez son code postal.")
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def quick_entry(request, model_admin):
    """Ask; show what may be the same; save when it is none of them. Nothing that was typed is lost on the way."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        form = QuickEntryForm(request.POST)
    else:
        form = QuickEntryForm(initial=_kept(request.GET))
        form.fields["name"].widget.attrs["autofocus"] = True
    found = []
    if form.is_bound and form.is_valid():
        found = likely_answers(form.cleaned_data)
        if is_another(request.POST, found):
            initiative = _save(form.cleaned_data, found, by=request.user)
            return _saved(request, model_admin, initiative, form.cleaned_data)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Saisie rapide",
        "opts": model_admin.opts,
        "has_view_permission": model_admin.has_view_permission(request),
        "form": form,
        "communes": communes(),
        "found": found,
        "then": _then(request.POST),
    }
    return render(request, "admin/quick_entry.html", context)


def _kept(query):
    """What the last entry said that this one is likely to say again."""
    initial = {field: query.get(parameter, "") for field, parameter in KEPT.items()}
    return initial | {"theme": Theme.objects.filter(slug=initial["theme"]).first()}


def likely_answers(answers):
    return likely_duplicates(
        Initiative, name=answers["name"], places=[answers["territory"]], website=answers["source_url"]
    )


def is_another(data, found) -> bool:
    """Whether what was typed is none of what was found: nothing was, or the person saw all and says so."""
    return not found or ("distinct" in data and {str(item.fiche.uuid) for item in found} <= {*data.getlist("seen")})


def _then(data):
    """What comes after: "next" (another entry) or "" (the draft)."""
    return data.get("distinct", data.get("then", ""))


def _save(answers, found, *, by):
    at = timezone.now()
    with act(verb="Saisie rapide", by=by, at=at):
        initiative = Initiative.objects.create(name=answers["name"], summary=answers["summary"], origin="saisie")
        Site.objects.create(initiative=initiative, territory=answers["territory"], position=1)
        InitiativeTheme.objects.create(initiative=initiative, theme=answers["theme"], position=1)
        Source.objects.create(
            initiative=initiative, publisher=answers["publisher"], url=answers["source_url"], position=1
        )
        for likeness in found:
            remember_distinct(initiative, likeness.fiche, by)
        record_edit(fiche=initiative, at=at)
    return initiative


def _saved(request, model_admin, initiative, answers):
    """To the next entry, or to the draft for those who may open it."""
    page = reverse("admin:initiatives_initiative_change", args=[initiative.pk])
    may_open = model_admin.has_view_or_change_permission(request, initiative)
    messages.success(
        request,
        format_html(
            "«\N{NARROW NO-BREAK SPACE}{}\N{NARROW NO-BREAK SPACE}» est enregistrée en brouillon, {}.",
            format_html('<a href="{}">{}</a>', page, initiative) if may_open else str(initiative),
            answers["territory"].name_at or answers["territory"],
        ),
    )
    if may_open and _then(request.POST) != "next":
        return redirect(page)
    place = answers["territory"]
    kept = {
        "commune": _in_full(place.name, place.department),
        "theme": answers["theme"].slug,
        "editeur": answers["publisher"],
    }
    return redirect(f"{reverse('admin:quick_entry')}?{urlencode(kept)}")


def communes():
    """What the field of the commune proposes, as ``places_called`` understands it."""
    towns = Territory.objects.in_scope().filter(kind__in=TOWNS).order_by("sort_key", "code")
    return [_in_full(*names) for names in towns.values_list("name", "department__name")]


def _in_full(name, department):
    """« Vitrolles (Bouches-du-Rhône) »: there are several."""
    return f"{name} ({department})" if department else name
