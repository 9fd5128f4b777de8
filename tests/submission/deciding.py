"""What people sent, ready to be decided: a deposit that was confirmed, a proposal on a published fiche."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from initiatives.models import Initiative, ProposedChange, Submission
from initiatives.submission import documents
from initiatives.submission.actions.confirming import confirm
from initiatives.submission.actions.fiches import record_edit
from initiatives.submission.checklist import checks_for
from initiatives.submission.history import act
from tests.admin.pages import published
from tests.factories import SubmissionFactory, TerritoryFactory, ThemeFactory, UserFactory

SENT = datetime(2026, 5, 4, 10, tzinfo=UTC)
NOW = SENT + timedelta(days=3)
ALL_CHECKS = {kind: [check.key for check in checks_for(kind)] for kind in ("new", "change")}


def moderator(**values):
    return UserFactory(is_staff=True, is_superuser=True, **{"name": "Claire Roux"} | values)


def described_actor(**values):
    return {
        "name": "Les Amis du lavoir",
        "kind": "collectif",
        "legal_form": "association",
        "siren": "",
        "siret": "",
        "website": "",
        "summary": "Une association de voisins.",
    } | values


def participation(**values):
    return {
        "uuid": str(uuid4()),
        "actor": None,
        "new_actor": None,
        "role": "porteur",
        "is_lead": False,
        "detail": "",
        "since": None,
        "until": None,
    } | values


def site(territory, **values):
    return {"uuid": str(uuid4()), "territory": territory.key, "label": "", "address": ""} | values


def deposit(**answers):
    """A new fiche in the queue, its address proved."""
    document = documents.blank(Initiative) | {
        "name": "Le Lavoir partagé",
        "summary": "Un lavoir rouvert par ses voisins.",
        "themes": [ThemeFactory().slug],
        "sites": [site(TerritoryFactory())],
    }
    submission = SubmissionFactory(
        state="unconfirmed", name="Léa Martin", role="Présidente", answers=document | answers, waiting_since=None
    )
    return confirm(submission=submission, at=SENT)


def proposal(fiche=None, *, user=None, **proposed):
    """A proposal to change a published fiche; ``proposed``: field → value."""
    fiche = fiche or published(Initiative)
    base = documents.read(fiche)
    submission = SubmissionFactory(
        kind="change",
        fiche=fiche,
        receipt=f"IG-2026-{uuid4().int % 100_000:05d}",
        name="Léa Martin",
        user=user or UserFactory(),
        base_revision=fiche.revision,
    )
    for field, (before, after) in documents.differences(type(fiche), base, base | proposed).items():
        ProposedChange.objects.create(submission=submission, field=field, base=before, proposed=after)
    return submission


def edit(fiche, at=NOW, by=None, **values):
    """Somebody of the team changes the fiche meanwhile; its row as it is then."""
    with act(verb="Modification", by=by, at=at):
        documents.apply(type(fiche).objects.get(pk=fiche.pk), values, at=at)
        record_edit(fiche=type(fiche).objects.get(pk=fiche.pk), at=at)
    return type(fiche).objects.get(pk=fiche.pk)


def seen(submission):
    """The states that a page opened now would send back."""
    submission = Submission.objects.get(pk=submission.pk)
    fiche = submission.fiche
    return {"revision": submission.revision, "fiche_revision": fiche.revision if fiche else 0}
