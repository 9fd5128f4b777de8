"""« Comparer et fusionner »: two fiches side by side, what to keep of each, and one fiche in the end."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from initiatives.admin.acts import LONGEST_REASON
from initiatives.directory.duplicates import duplicates_of
from initiatives.keys import row_key
from initiatives.submission import actions as acts
from initiatives.submission.merging import THEMES, choices_of, lines_of, owner_column
from initiatives.submission.snapshots import column_name, rows_today
from initiatives.text import typographic

MOST_FOUND = 20
BOTH = "both"


class MergeForm(forms.Form):
    """Which fiche stays, and for each field on which they differ, whose value: empty at first where both have one."""

    keep = forms.TypedChoiceField(
        label="Fiche gardée",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites laquelle des deux fiches reste."},
    )
    why = forms.CharField(label="Pourquoi (facultatif)", required=False, max_length=LONGEST_REASON)

    def __init__(self, fiches, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fiches = fiches
        published = [fiche for fiche in fiches if fiche.is_published]
        self.fields["keep"].choices = [(fiche.pk, str(fiche)) for fiche in published]
        self.fields["keep"].initial = published[0].pk if len(published) == 1 else None
        self.rows = [row for choice in choices_of(type(fiches[0])) if (row := self._row(choice))]

    def _row(self, choice):
        """What the page asks about a field, None when both fiches say the same."""
        values = [choice.values(fiche) for fiche in self.fiches]
        if values[0] == values[1]:
            return None
        options = [(str(fiche.pk), "") for fiche in self.fiches]
        saying = [option for (option, _), value in zip(options, values, strict=True) if not choice.is_empty(value)]
        if choice.is_set and len(saying) == 2 and len(choice.both(*values)) <= choice.most:
            options.append((BOTH, "Les deux"))
        name = f"choix-{choice.name}"
        self.fields[name] = forms.ChoiceField(
            choices=options,
            widget=forms.RadioSelect(attrs={"aria-describedby": f"champ-{choice.name}"}),
            initial=saying[0] if len(saying) == 1 else None,
            error_messages={"required": "Choisissez la valeur à garder."},
        )
        return {"choice": choice, "name": name, "label": _label(choice)}

    def shown_rows(self):
        """The rows with what each fiche says, and the buttons that choose."""
        today = rows_today(self.fiches)
        for row in self.rows:
            choice, bound = row["choice"], self[row["name"]]
            said = [_said(choice, fiche, words) for fiche, words in zip(self.fiches, today, strict=True)]
            first, second, *both = bound
            yield row | {
                "id": f"champ-{choice.name}",
                "sides": [(first, said[0]), (second, said[1])],
                "both": both,
                "errors": bound.errors,
            }

    def kept_choices(self):
        """Each fiche with the button that keeps it, None when it may not be kept."""
        buttons = {radio.data["value"]: radio for radio in self["keep"]}
        return [(fiche, buttons.get(fiche.pk)) for fiche in self.fiches]

    def outcome(self):
        """(the fiche that goes, the one that stays, what ``actions.merge`` is to keep of each)."""
        into = next(fiche for fiche in self.fiches if fiche.pk == self.cleaned_data["keep"])
        fiche = next(fiche for fiche in self.fiches if fiche is not into)
        sides = {str(fiche.pk): "fiche", str(into.pk): "into", BOTH: BOTH}
        return fiche, into, {row["choice"].name: sides[self.cleaned_data[row["name"]]] for row in self.rows}


class MergePages:
    """For the pages of a fiche. The model admin says who ``has_publish_permission``."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<path:object_id>/fusionner/", view, name=name), *super().get_urls()]

    def merge_view(self, request, object_id):
        """The page of a fiche and of the one named by ``avec``; without it, a search for that other one."""
        fiche = self.model.objects.filter(pk=row_key(unquote(object_id))).first()
        if fiche is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_publish_permission(request, fiche):
            raise PermissionDenied
        other = self.model.objects.filter(pk=row_key(request.GET.get("avec", ""))).exclude(pk=fiche.pk).first()
        if other is None:
            return self._ask_which(request, fiche)
        return self._compare(request, [fiche, other])

    def _ask_which(self, request, fiche):
        words = request.GET.get("q", "").strip()
        found, _ = self.get_search_results(request, self.model.objects.exclude(pk=fiche.pk), words)
        context = {
            **self._context(request, fiche),
            "words": words,
            "found": list(found.exclude(status="merged")[:MOST_FOUND]) if words else [],
            "likely": duplicates_of(fiche),
        }
        return TemplateResponse(request, "admin/merge_which.html", context)

    def _compare(self, request, fiches):
        refusal = ""
        form = MergeForm(fiches, request.POST if request.method == "POST" else None)
        if form.is_bound:
            try:
                with transaction.atomic():
                    self._check_unchanged(request, fiches)
                    if form.is_valid():
                        return self._merge(request, form)
            except acts.Refused as error:
                refusal = typographic(str(error))
        lines = [_lines(fiche) for fiche in fiches]
        nouns = sorted({**lines[0], **lines[1]}, key=lambda noun: noun == "sources")
        context = {
            **self._context(request, fiches[0]),
            "fiches": fiches,
            "form": form,
            "kept": form.kept_choices(),
            "rows": list(form.shown_rows()),
            "drafts": [fiche for fiche in fiches if not fiche.published_at],
            "refusal": refusal,
            "lines": [(noun, [side.get(noun, []) for side in lines]) for noun in nouns],
        }
        return TemplateResponse(request, "admin/merge.html", context)

    def _check_unchanged(self, request, fiches):
        """What was compared is still what is there, until the merge is done."""
        for fiche in fiches:
            row = acts.locked(fiche)
            if request.POST.get(f"revision-{fiche.pk}") != str(row.revision):
                raise acts.Refused(f"« {row} » a changé depuis que vous l’avez ouverte : relisez, puis fusionnez.")

    def _merge(self, request, form):
        gone, into, choices = form.outcome()
        why = form.cleaned_data["why"]
        acts.merge(fiche=gone, into=into, choices=choices, at=timezone.now(), by=request.user, why=why)
        said = f"« {gone} » a rejoint « {into} » : ses adresses y mènent."
        self.message_user(request, typographic(said), messages.SUCCESS)
        return redirect(self._page_of(into))

    def _context(self, request, fiche):
        return {
            **self.admin_site.each_context(request),
            "title": "Comparer et fusionner",
            "subtitle": None,
            "opts": self.opts,
            "fiche": fiche,
        }

    def _page_of(self, fiche):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[fiche.pk])


def _label(choice):
    return "thèmes" if choice.fields == (THEMES,) else column_name(choice.fields[0].model, choice.name)


def _said(choice, fiche, row):
    """What a fiche says of this choice, in words."""
    if choice.fields == (THEMES,):
        return ", ".join(str(theme) for theme in fiche.theme_list)
    if choice.is_empty(choice.values(fiche)):
        return ""
    words = row.words[choice.name]
    said = ", ".join(words) if isinstance(words, list) else words
    others = [
        f"{column_name(row.model, field.name)}\N{NO-BREAK SPACE}: {row.words[field.name]}"
        for field in choice.fields[1:]
        if row.words[field.name] not in ("", "non")
    ]
    return "\N{NARROW NO-BREAK SPACE}; ".join(filter(None, (said, *others)))


def _lines(fiche):
    """The lines that a merge moves, as people call them: noun → what each says."""
    found = {}
    for row, column in lines_of(fiche):
        owner = owner_column(row)
        noun = str(row._meta.verbose_name_plural).partition(" (")[0]
        said = str(row) if column == owner or owner is None else f"{row} : {getattr(row, owner)}"
        found.setdefault(noun, []).append(said)
    return found
