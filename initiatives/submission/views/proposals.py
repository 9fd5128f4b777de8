"""« Proposer une modification », on the fiche of any noun: one page, its sections prefilled with what is online."""

from uuid import UUID

from django.shortcuts import render
from django.utils import timezone

from initiatives.models import Actor, FundingSource, Initiative, Submission
from initiatives.submission import documents, tokens
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.actions import asking
from initiatives.submission.actions.proposals import other_owners
from initiatives.submission.actions.sent_photos import add_photo
from initiatives.submission.comparing import public_document
from initiatives.submission.consents import versions_of
from initiatives.submission.forms.proposal import ProposalForms
from initiatives.submission.forms.signed import read_key
from initiatives.submission.images import store_photo
from initiatives.submission.lifecycle import State
from initiatives.submission.refusals import Refused
from initiatives.submission.views.fiches import (
    CONFIRM,
    RECEIVED,
    about_a_fiche,
    closed_status,
    on_to,
    page_context,
    sent_page,
    signed_in,
    step_of,
    too_many,
)
from initiatives.submission.views.sent_photos import previews

TITLES = {CONFIRM: "Confirmez votre proposition", RECEIVED: "Votre proposition est arrivée"}
TEMPLATE = "submission/propose.html"
DRAFT, FILES = "brouillon", "fichiers"
NOTHING = "Rien n’est changé : corrigez au moins une réponse, puis envoyez."
DESCRIBE = "La photo est arrivée : décrivez-la dans « Photos et liens », puis envoyez."


def _propose(request, fiche, closed):
    if sent := sent_page(request, fiche, TITLES):
        return sent
    page = _Page(request, fiche)
    if closed:
        return page.refuse(closed, status=closed_status(fiche))
    if request.method != "POST":
        return page.show()
    for upload in page.uploads:
        if answer := page.receive_photo(upload):
            return answer
    if page.forms.grows or request.POST.get("faire") == "photos":
        page.forms.forget_errors()
        return page.show()
    return page.show() if not page.forms.is_valid() else _send(page)


def _send(page):
    """Propose what is changed: all the answers are right."""
    forms, why = page.forms, page.forms.why
    if page.uploads:
        return page.refuse(DESCRIBE)
    if blocked := too_many(page.request, "proposal", why):
        return blocked.again(page.request, TEMPLATE, page.context())
    changes = forms.changes()
    if not changes:
        return page.refuse(NOTHING)
    if clashes := forms.clashes(changes):
        forms.show_again_on_today(changes)
        return page.refuse(_said_otherwise(clashes))
    email = why.sender.email
    if other_owners(page.fiche, email) and (
        blocked := refuse_if_too_many(page.request, "opinion", at=why.now, email=email, fiche=page.fiche)
    ):
        return blocked.again(page.request, TEMPLATE, page.context())
    try:
        submission = asking.send_change(
            uuid=why.sent_as,
            fiche=page.fiche,
            revision=page.fiche.revision,
            changes=changes,
            comment=why.told,
            sender=why.sender,
            consents=versions_of(page.request, forms.consents),
            at=why.now,
        )
    except Refused as refusal:
        return page.refuse(str(refusal))
    return on_to(page.request, step_of(submission))


class _Page:
    """What was sent, and the page that shows it again.

    ``known``: the submission that it goes on with: a draft (begun at the first step of a deposit, or made for photos
    that came first), or a proposal that the team sent back.
    """

    def __init__(self, request, fiche):
        self.request, self.fiche = request, fiche
        self.now, self.user = timezone.now(), signed_in(request)
        self.is_sent = request.method == "POST"
        self.uploads = request.FILES.getlist(FILES) if self.is_sent and isinstance(fiche, Initiative) else []
        key = read_key(request.POST) if self.is_sent else _key_of_link(request)
        self.known = _open_submission(key, fiche)
        self.is_answer = self.known is not None and self.known.state == State.CHANGES_REQUESTED
        self._read()

    def _read(self):
        known = self.known
        self.forms = ProposalForms(
            self.fiche,
            self.request.POST if self.is_sent else None,
            start=_proposed(known, self.fiche) if self.is_answer else None,
            sent=known.photos.values_list("uuid", flat=True) if known else (),
            user=known.user if self.is_answer else self.user,
            now=self.now,
            initial={"comment": known.comment, "name": known.name, "email": known.email} if known else {},
        )
        if known:
            self.forms.why.known_as = known.uuid

    def receive_photo(self, upload):
        """Keep a photo that was just sent, whatever else is wrong; what to answer when it cannot be."""
        if blocked := refuse_if_too_many(self.request, "photo", at=self.now):
            return blocked.again(self.request, TEMPLATE, self.context())
        try:
            stored = store_photo(upload)
            if self.known is None:
                self.known = asking.open_draft(uuid=self.forms.why.sent_as, fiche=self.fiche, at=self.now)
            add_photo(submission=self.known, stored=stored, at=self.now)
        except Refused as refusal:
            return self.refuse(f"« {upload.name} » : {refusal}")
        self._read()
        return None

    def refuse(self, sentence, status=200):
        self.forms.why.add_error(None, sentence)
        return self.show(status)

    def show(self, status=200):
        return render(self.request, TEMPLATE, self.context(), status=status)

    def context(self):
        self.forms.open_what_matters()
        return page_context(
            self.request,
            self.fiche,
            form=self.forms.why,
            forms=self.forms,
            told=self.forms.tell(_asked_by_the_team(self.known)) if self.is_answer else [],
            is_answer=self.is_answer,
            previews=_previews(self.fiche, self.known),
        )


def _key_of_link(request):
    """The submission that a link of ours goes on with, or None."""
    try:
        return tokens.read("draft", request.GET.get(DRAFT, ""))
    except tokens.BadToken:
        return None


def _open_submission(uuid, fiche):
    """What is written about this fiche under this UUID, and is still to be sent, or None."""
    states = (State.DRAFT, State.CHANGES_REQUESTED)
    open_ones = Submission.objects.about(fiche).filter(kind=Submission.Kind.CHANGE, state__in=states)
    return open_ones.filter(uuid=uuid).first() if isinstance(uuid, UUID) else None


def _proposed(submission, fiche):
    """What was proposed, put on the fiche of today: {field: value}."""
    model, today = type(fiche), public_document(fiche)
    return {
        change.field: documents.rebase(
            model, change.field, base=change.base, proposed=change.proposed, today=today[change.field]
        )
        for change in submission.changes.all()
    }


def _asked_by_the_team(submission):
    """What it said since it last had the proposal in hand: (field, text)."""
    since = submission.events.filter(state=State.WAITING).order_by("-at").values_list("at", flat=True).first()
    said = submission.messages.filter(is_from_team=True, at__gte=since or submission.created_at)
    return [(message.field, message.text) for message in said]


def _previews(fiche, known):
    """UUID of each photo → where it is seen, and its size."""
    if not isinstance(fiche, Initiative) or not fiche.is_published:
        return {}
    online = {
        str(photo.uuid): {"address": photo.smallest, "width": photo.width, "height": photo.height}
        for photo in fiche.photos.all()
    }
    return online | (previews(known) if known else {})


def _said_otherwise(names):
    said = ", ".join(f"« {name} »" for name in names)
    return (
        f"Pendant que vous écriviez, quelqu’un a changé la fiche là où vous la changez aussi : {said}. Vos mots sont "
        "toujours là. Regardez ce que dit la fiche aujourd’hui, corrigez s’il le faut, puis renvoyez."
    )


propose_initiative = about_a_fiche(Initiative, "propose_initiative")(_propose)
propose_actor = about_a_fiche(Actor, "propose_actor")(_propose)
propose_funding = about_a_fiche(FundingSource, "propose_funding")(_propose)
