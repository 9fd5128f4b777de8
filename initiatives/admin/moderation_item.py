"""One submission: what it says, what may be decided of it, and what has happened to it."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.admin.moderation import check_may_moderate, submission_seen
from initiatives.admin.moderation_form import DECISIONS, ModerationForm
from initiatives.admin.moderation_shown import shown
from initiatives.directory.duplicates import likely_duplicates, remember_distinct
from initiatives.keys import row_key
from initiatives.models import Actor, Initiative, Submission
from initiatives.models.photo import file_of_width, widths_of
from initiatives.submission import checklist, documents, replies
from initiatives.submission.actions import decisions
from initiatives.submission.actions.decisions import Stale
from initiatives.submission.actions.same_fiche import turn_into_change
from initiatives.submission.changes import read_since
from initiatives.submission.refusals import Refused
from initiatives.text import typographic

Kind = Submission.Kind


@require_http_methods(["GET", "HEAD", "POST"])
def moderation_item(request, pk, site):
    """Show; do what a button says; show again, with all that was typed, when it could not be done."""
    check_may_moderate(request)
    page = ItemPage(request, submission_seen(pk))
    if request.method == "POST":
        answer = page.act()
        if answer is not None:
            return answer
    return TemplateResponse(request, "admin/moderation/item.html", site.each_context(request) | shown(page))


class ItemPage:
    """The page of one submission, while it is answered."""

    def __init__(self, request, submission):
        self.request, self.submission, self.fiche = request, submission, submission.fiche
        self.refusal, self.meanwhile = "", None
        self._read()
        data = request.POST if request.method == "POST" else None
        self.form = self._form(data)

    def _read(self):
        submission = self.submission
        self.changes = list(submission.changes.select_related("decided_by")) if submission.kind == Kind.CHANGE else []
        said = {change.field: change.proposed for change in self.changes} if self.changes else submission.answers
        self.described = [] if submission.is_ended else [(actor, _alike(actor)) for actor in _described(said)]
        self.fields = self._fields()

    def _form(self, data, **options):
        names = [(field["name"], field["label"]) for field in self.fields]
        return ModerationForm(
            self.submission, data, changes=self.changes, fields=names, described=self.described, **options
        )

    def _fields(self):
        """What the fiche says, or what is asked of it: name, label, words. Those that say nothing come last."""
        if self.fiche is None:
            return []
        model = type(self.fiche)
        if self.submission.kind == Kind.CHANGE:
            names = [change.field for change in self.changes]
            return [{"name": name, "label": documents.label(model, name), "words": ""} for name in names]
        if self.submission.kind != Kind.NEW:
            return []
        said = documents.read(self.fiche)
        for name in ("participations", "fundings"):
            lines = self.submission.answers.get(name, ())
            said[name] += [line for line in lines if line.get("new_actor")] if not self.submission.is_ended else []
        unknown = documents.blank(model)
        fields = [
            {
                "name": name,
                "label": documents.label(model, name),
                "words": "" if said[name] == unknown[name] else documents.words(model, name, said[name]),
                "is_list": isinstance(said[name], list),
            }
            for name in documents.FIELDS[model]
        ]
        return sorted(fields, key=lambda field: not field["words"])

    # What the buttons do

    def act(self):
        """Where to go once it is done; None to show the page again."""
        button, _, key = self.request.POST.get("do", "").partition("-")
        if button == "modele":
            self._take_template()
            return None
        chosen = DECISIONS[self.submission.kind].get(self.request.POST.get("do", ""))
        act = {"charger": self._take_charge, "laisser": self._release, "autre": self._tell_apart}.get(button)
        if act is not None:
            act(key)
            return None
        if button == "meme":
            attach = partial(self._attach, key)
            return self._decide(attach, "complète maintenant la fiche qui existe", to=self.request.path)
        if chosen is None:
            raise Http404
        return self._decide(chosen.decide, chosen.done)

    def _decide(self, decide, done, to="admin:moderation"):
        if not self.form.is_valid():
            self.refusal = "Une réponse est à corriger : elle est marquée plus bas."
            return None
        called = replies.called(self.submission)
        try:
            decide(self.form, by=self.request.user, at=timezone.now())
        except Stale as error:
            self._show_meanwhile(str(error))
        except Refused as error:
            self.refusal = typographic(str(error))
        else:
            said = f"« {called} » {done}."
            messages.success(self.request, typographic(said))
            return redirect(to)
        return None

    def _attach(self, key, form, **who):
        existing = Initiative.objects.filter(pk=row_key(key)).first()
        if existing is None:
            raise Http404
        turn_into_change(
            submission=self.submission,
            revision=form.cleaned_data["revision"],
            existing=existing,
            message=form.cleaned_data["message"],
            **who,
        )

    def _take_charge(self, key):
        """``key``: the colleague whose place is taken."""
        instead = self.submission.assignee if key and str(self.submission.assignee_id) == key else None
        try:
            decisions.take_charge(
                submission=self.submission, by=self.request.user, at=timezone.now(), instead_of=instead
            )
        except Refused as error:
            self.refusal = typographic(str(error))
        self.submission = submission_seen(self.submission.pk)

    def _release(self, key):
        decisions.release(submission=self.submission, by=self.request.user)
        self.submission = submission_seen(self.submission.pk)

    def _tell_apart(self, key):
        other = type(self.fiche).objects.filter(pk=row_key(key)).first() if self.fiche else None
        if other is None or other.pk == self.fiche.pk:
            raise Http404
        remember_distinct(self.fiche, other, self.request.user)
        said = f"« {self.fiche} » et « {other} » ne seront plus rapprochées."
        messages.success(self.request, typographic(said))

    def _take_template(self):
        """The words of a template under what is typed already; the rest of the page as it was typed."""
        self.form.is_valid()
        template = self.form.cleaned_data.get("template")
        if template is None:
            self.refusal = "Choisissez d’abord un modèle."
            return
        reason = dict(checklist.REASONS_BY_KIND[self.submission.kind]).get(self.form.cleaned_data.get("reason"), "")
        text = replies.fill(template.body, replies.words_for(self.submission, reason=reason))
        data = self.request.POST.copy()
        data["message"] = "\n\n".join(filter(None, [data.get("message", "").strip(), text]))
        self.form = self._form(data)

    def _show_meanwhile(self, sentence):
        """What others did; the form goes on from the states of today, and keeps what was typed."""
        said = self.request.POST
        opened, opened_fiche = (row_key(said.get(name, "")) or 0 for name in ("revision", "fiche_revision"))
        self.submission = submission_seen(self.submission.pk)
        self.fiche = self.submission.fiche
        events = list(self.submission.events.select_related("by").order_by("-pk"))
        acts = read_since(self.fiche, opened_fiche)[1] if self.fiche and self.fiche.revision > opened_fiche else []
        self.meanwhile = {"sentence": sentence, "events": events[: self.submission.revision - opened], "acts": acts}
        self._read()
        data = self.request.POST.copy()
        data["revision"], data["fiche_revision"] = self.submission.revision, self.fiche.revision if self.fiche else 0
        self.form = self._form(data)


def _described(said):
    return documents.described_actors({name: value for name, value in said.items() if value})


def _alike(described):
    """The actors that a described one may be."""
    return likely_duplicates(
        Actor,
        name=described["name"],
        website=described.get("website") or "",
        siren=described.get("siren") or (described.get("siret") or "")[:9],
    )


@require_safe
def sent_photo(request, pk, uuid, width, site):
    """A photo that came with a submission, for the team."""
    check_may_moderate(request)
    photo = get_object_or_404(submission_seen(pk).photos, uuid=uuid)
    if width not in map(str, widths_of(photo.width)):
        raise Http404
    try:
        content = (Path(settings.MEDIA_ROOT) / file_of_width(photo.file, int(width))).read_bytes()
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type="image/webp")
    response["Cache-Control"] = "private, no-store"
    return response
