"""The steps of a draft. Whatever one does, what is typed is kept: right, it is the draft; wrong, it waits beside."""

import json
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from initiatives.directory.insertions import duration
from initiatives.models import ModerationRules, Submission, Theme
from initiatives.submission import tokens
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.actions.deposits import remove_photo, save_step
from initiatives.submission.actions.sending import send, send_as
from initiatives.submission.actions.sent_photos import add_photo
from initiatives.submission.drafts import document_of, promised, steps_to_correct, to_keep, typed_in
from initiatives.submission.forms import ADD_ROW, STEPS, AddressForm, PhotosForm, elsewhere, with_one_row_more
from initiatives.submission.forms.photos import with_new_photos
from initiatives.submission.forms.sending import SendForm
from initiatives.submission.images import store_photo
from initiatives.submission.lifecycle import State, locked
from initiatives.submission.refusals import Refused
from initiatives.submission.summary import missing, summary
from initiatives.submission.tokens import BadToken, private_page
from initiatives.submission.views.deposit import NOT_ANSWERS
from initiatives.submission.views.sent_photos import previews

NUMBERS = {step.key: number for number, step in enumerate(STEPS, 1)}
LATER = "plus-tard"


@private_page
def deposit_step(request, token, step):
    draft = draft_of(token)
    if draft.state != State.DRAFT:
        return redirect("tracking", tokens.make("tracking", draft.uuid))
    if step == LATER:
        return render(request, "deposit/later.html", {"draft": draft, "token": token, "next": _next_to_do(draft)})
    if step not in NUMBERS:
        raise Http404
    asked = _Asked(request, draft, token, STEPS[NUMBERS[step] - 1])
    if step == "envoi":
        return _read_again(asked)
    if request.method == "POST":
        return _answered(asked)
    data = typed_in(draft, step)
    form = asked.form(data)
    # What was left wrong is shown with what is wrong.
    asked.shown = elsewhere.marks_of(draft, step, data)
    return asked.page(form, asked.address() if asked.number == 1 else None, shows_errors=data is not None)


def draft_of(token) -> Submission:
    """The deposit that a link opens, sent or not. Raises ``BadToken``."""
    draft = Submission.objects.filter(uuid=tokens.read("draft", token), kind=Submission.Kind.NEW).first()
    if draft is None:
        raise BadToken("Ce brouillon n’existe plus : il a été effacé après un long silence, ou à votre demande.")
    return draft


class _Asked:
    """A request about one step of a draft."""

    def __init__(self, request, draft, token, step):
        self.request, self.draft, self.token, self.step = request, draft, token, step
        self.number = NUMBERS[step.key]
        self.at = timezone.now()
        self.wish = request.POST.get("faire", "continuer")
        # The marks of what the page showed.
        self.shown = elsewhere.shown_in(request.POST)

    def form(self, data=None):
        more = {"promised": promised(self.draft)} if self.step.form is PhotosForm else {}
        return self.step.form(document_of(self.draft), data, **more)

    def address(self, data=None):
        form = AddressForm(data, initial={"email": self.draft.email}, now=self.at)
        form.least = timedelta()  # who has the link of a draft has been taken for a person already
        return form

    def page(self, form, address=None, *, shows_errors=True, others=()):
        if not shows_errors:
            form.is_valid()
            form.forget_errors()
        context = {
            **self.frame(),
            "form": form,
            "address": address,
            "forms": [*form.all_forms, *([address] if address else [])],
            "previews": previews(self.draft) if self.step.form is PhotosForm else {},
            "others": others,
        }
        return render(self.request, "deposit/step.html", context)

    def frame(self):
        """What surrounds every step."""
        return {
            "draft": self.draft,
            "token": self.token,
            "step": self.step,
            "steps": STEPS,
            "number": self.number,
            "to_correct": steps_to_correct(self.draft),
            "shown_marks": json.dumps(self.shown, separators=(",", ":")),
        }

    def go(self, step):
        return redirect("deposit_step", self.token, step)

    def goes_to(self):
        """Where one wishes to go once the step is kept."""
        if self.wish == "retour":
            return STEPS[max(0, self.number - 2)].key
        if self.wish in (LATER, *NUMBERS):
            return self.wish
        return STEPS[min(self.number, len(STEPS) - 1)].key


def _answered(asked):
    """Keep what was typed, then go where one wishes; forward, only when it is right."""
    data, wish = asked.request.POST, asked.wish
    if wish.startswith(ADD_ROW):
        form = asked.form(with_one_row_more(data, wish.removeprefix(f"{ADD_ROW}-")))
        return asked.page(form, asked.address(data) if asked.number == 1 else None, shows_errors=False)
    try:
        with transaction.atomic():
            # Of two windows at once, the second sees what the first has saved.
            asked.draft = locked(asked.draft)
            form, address = asked.form(data), asked.address(data) if asked.number == 1 else None
            is_right = all([form.is_valid(), address is None or address.is_valid()])
            email = address.cleaned_data["email"] if address is not None and is_right else ""
            moves = email and email.casefold() != asked.draft.email
            # Undone with the rest, what was counted mailed nothing.
            if moves and (blocked := refuse_if_too_many(asked.request, "mail", at=asked.at, email=email)):
                context = {**asked.frame(), "form": form, "address": address, "previews": {}, "forms": form.all_forms}
                return blocked.again(asked.request, "deposit/step.html", context | {"others": ()})
            others = _keep(asked, form, is_right, email)
        if others:
            return _shown_again(asked, data, others)
        changed = _photos_changed(asked, form) if asked.step.form is PhotosForm else False
    except Refused as refusal:
        messages.error(asked.request, str(refusal))
        return asked.go(asked.step.key)
    if changed:
        return asked.go(asked.step.key)
    if is_right or wish not in ("continuer", "envoi"):
        return asked.go(asked.goes_to())
    return asked.page(form, address)


def _keep(asked, form, is_right, email):
    """Save the step; or save nothing, and return what another window changed as well since the page was shown."""
    kept = to_keep(asked.request.POST, NOT_ANSWERS)
    changes, promises = form.document_after() if is_right else {}, None
    if asked.step.form is PhotosForm:
        # What is said of photos is kept as far as it goes: they are there already.
        promises = form.rows["photos"].promised()
        changes |= {"photos": form.rows["photos"].lines_so_far()}
        kept = {name: values for name, values in kept.items() if not name.startswith("photos-")}
    changes, others = elsewhere.sort_out(form, asked.shown, changes)
    others += elsewhere.waiting_elsewhere(asked.draft, asked.step.key, form, asked.shown)
    if others:
        return others
    asked.draft = save_step(
        draft=asked.draft,
        step=asked.step.key,
        changes=changes,
        typed=None if is_right else kept,
        promised=promises,
        email=email,
        is_done=is_right,
        at=asked.at,
    )
    _now_shows(asked, changes)
    return []


def _shown_again(asked, data, others):
    """What was sent, as it was, beside what the other window says: sent again, it is known to replace it."""
    _now_shows(asked, [other.name for other in others])
    if asked.step.form is PhotosForm:
        had = elsewhere.marks_of(asked.draft, asked.step.key)["photos"]
        receive_photos(asked.request, asked.draft, asked.at)
        asked.draft.refresh_from_db()
        data = with_new_photos(data, document_of(asked.draft))
        if asked.shown.get("photos") == had:  # those that came with it are of no other window
            _now_shows(asked, ["photos"])
    form, address = asked.form(data), asked.address(data) if asked.number == 1 else None
    # To say again what is wrong in it, if anything is.
    form.is_valid()
    return asked.page(form, address, others=others)


def _now_shows(asked, names):
    """The page says these fields as the draft does, or beside what the draft says of them."""
    now = elsewhere.marks_of(asked.draft, asked.step.key)
    asked.shown |= {name: now[name] for name in (*names, elsewhere.WAITING)}


def _photos_changed(asked, form):
    """Take away the photos that are said to be, and receive the files that came; whether one has to see them first."""
    for uuid in form.rows["photos"].removed():
        remove_photo(submission=asked.draft, uuid=uuid, at=asked.at)
    return receive_photos(asked.request, asked.draft, asked.at) or asked.wish == "photos"


def receive_photos(request, submission, at):
    """Keep the photos that a request brings; each refusal is a message, that costs nothing else."""
    files = request.FILES.getlist("fichiers")
    received = 0
    for file in files:
        if refuse_if_too_many(request, "photo", at=at, email=submission.email):
            messages.error(request, "Beaucoup de photos en peu de temps : réessayez dans une heure.")
            break
        try:
            add_photo(submission=submission, stored=store_photo(file), at=at)
            received += 1
        except Refused as refusal:
            messages.error(request, f"« {file.name} » : {refusal}")
    if received:
        several = "Ces photos sont enregistrées" if received > 1 else "Cette photo est enregistrée"
        messages.success(request, f"{several} : dites ce que l’on y voit, et de qui elle est.")
    return bool(files)


def _next_to_do(draft):
    """The first step that was never finished, or that is to be corrected."""
    todo = [step.key for step in STEPS[:-1] if step.key not in draft.done_steps]
    return (steps_to_correct(draft) or todo or ["envoi"])[0]


# The last step


def _read_again(asked):
    request, draft = asked.request, asked.draft
    form = SendForm(request.POST or None, initial={"name": draft.name, "role": draft.role})
    if request.method == "POST" and asked.wish != "envoyer":
        return asked.go(asked.goes_to())
    if request.method == "POST" and form.is_valid():
        try:
            sent = _send(asked, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("tracking", tokens.make("tracking", sent.uuid))
    document, rules = document_of(draft), ModerationRules.current()
    context = {
        **asked.frame(),
        "form": form,
        "forms": [form],
        "parts": summary(document),
        "missing": missing(document),
        "name": document["name"],
        "summary_text": document["summary"],
        "cloths": _cloths(document),
        "photos": _shown_photos(draft, document),
        "rules": rules,
        "kept": {"refused": duration(rules.rejected_days), "accepted": duration(rules.accepted_days)},
    }
    return render(request, "deposit/send.html", context)


def _send(asked, form):
    answers = form.cleaned_data
    said = {
        "consents": form.consents(asked.request),
        "name": answers["name"],
        "role": answers["role"],
        "name_is_public": answers["name_is_public"],
    }
    user = asked.request.user
    if user.is_authenticated and not user.is_staff:
        return send_as(draft=asked.draft, user=user, at=asked.at, **said)
    return send(draft=asked.draft, at=asked.at, **said)


def _cloths(document):
    themes = {theme.slug: theme for theme in Theme.objects.filter(slug__in=document["themes"]).select_related("parent")}
    return [themes[slug] for slug in document["themes"] if slug in themes]


def _shown_photos(draft, document):
    shown = previews(draft)
    return [{**line, **shown[line["uuid"]]} for line in document["photos"] if line["uuid"] in shown]
