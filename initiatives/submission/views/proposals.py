"""« Proposer une modification », on the fiche of any noun: one page, its sections prefilled with what is online."""

from django.shortcuts import render
from django.utils import timezone

from initiatives.models import Actor, FundingSource, Initiative, Submission
from initiatives.submission import tokens
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.actions import asking, deposits
from initiatives.submission.forms.photos import new_photo
from initiatives.submission.forms.proposal import ProposalForms
from initiatives.submission.images import store_photo
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

TITLES = {CONFIRM: "Confirmez votre proposition", RECEIVED: "Votre proposition est arrivée"}
TEMPLATE = "submission/propose.html"
DRAFT, NEW_PHOTOS = "brouillon", "nouvelles_photos"
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
    if page.forms.grows:
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
    try:
        submission = asking.send_change(
            uuid=why.sent_as,
            fiche=page.fiche,
            revision=page.fiche.revision,
            changes=changes,
            comment=why.told,
            sender=why.sender,
            consents=why.consents,
            at=why.now,
        )
    except Refused as refusal:
        return page.refuse(str(refusal))
    return on_to(page.request, step_of(submission))


class _Page:
    """What was sent, and the page that shows it again."""

    def __init__(self, request, fiche):
        self.request, self.fiche = request, fiche
        self.now, self.user = timezone.now(), signed_in(request)
        self.is_sent = request.method == "POST"
        self.uploads = request.FILES.getlist(NEW_PHOTOS) if self.is_sent and isinstance(fiche, Initiative) else []
        self.draft = None if self.is_sent else _started(request, fiche)
        self._read()

    def _read(self):
        data = self.request.POST if self.is_sent else None
        initial = {}
        if self.draft and not self.is_sent:
            initial = {"comment": self.draft.comment, "name": self.draft.name, "email": self.draft.email}
        options = {"user": self.user, "now": self.now, "initial": initial}
        self.forms = ProposalForms(self.fiche, data, **options)
        if self.draft:
            self.forms.why.known_as = self.draft.uuid
        else:
            self.draft = _draft_of(self.forms.why.sent_as, self.fiche)
        if self.draft and (photos := self.draft.photos.all()):
            added = [new_photo(photo.uuid) for photo in photos]
            self.forms = ProposalForms(self.fiche, data, added=added, **options)
            self.forms.why.known_as = self.draft.uuid

    def receive_photo(self, upload):
        """Keep a photo that was just sent, whatever else is wrong; what to answer when it cannot be."""
        if blocked := refuse_if_too_many(self.request, "photo", at=self.now):
            return blocked.again(self.request, TEMPLATE, self.context())
        try:
            stored = store_photo(upload)
            draft = asking.open_draft(uuid=self.forms.why.sent_as, fiche=self.fiche, at=self.now)
            deposits.add_photo(submission=draft, stored=stored, at=self.now)
        except Refused as refusal:
            return self.refuse(str(refusal))
        self.draft = draft
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
            photo_key=tokens.make("draft", self.draft.uuid) if self.draft else "",
            new_photos=NEW_PHOTOS if isinstance(self.fiche, Initiative) else "",
        )


def _started(request, fiche):
    """The draft that was begun elsewhere (the first step of a deposit), or None."""
    try:
        return _draft_of(tokens.read("draft", request.GET.get(DRAFT, "")), fiche)
    except tokens.BadToken:
        return None


def _draft_of(uuid, fiche):
    drafts = Submission.objects.about(fiche).filter(kind=Submission.Kind.CHANGE, state=Submission.State.DRAFT)
    return drafts.filter(uuid=uuid).first()


def _said_otherwise(names):
    said = ", ".join(f"« {name} »" for name in names)
    return (
        f"Pendant que vous écriviez, quelqu’un a changé la fiche là où vous la changez aussi : {said}. Vos mots sont "
        "toujours là. Regardez ce que dit la fiche aujourd’hui, corrigez s’il le faut, puis renvoyez."
    )


propose_initiative = about_a_fiche(Initiative, "propose_initiative")(_propose)
propose_actor = about_a_fiche(Actor, "propose_actor")(_propose)
propose_funding = about_a_fiche(FundingSource, "propose_funding")(_propose)
