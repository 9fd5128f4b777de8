"""A question to the holder of an initiative: kept until its author proves their address, relayed, then forgotten."""

from datetime import datetime, timedelta

from django.db import transaction

from initiatives.models import Initiative, Question, take_turn
from initiatives.submission.links import mailed_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused

KEPT = timedelta(days=30)


@transaction.atomic
def ask(
    *, uuid, initiative: Initiative, name: str, email: str, message: str, at: datetime, is_proved: bool
) -> Question:
    """Keep a question, and have its author confirm their address, or relay it at once when it is proved already.

    ``uuid``: made with the form, so that what is sent twice is asked once. Raises ``Refused`` when nobody would get it.
    """
    take_turn()
    known = Question.objects.filter(uuid=uuid).first()
    if known:
        return known
    question = Question(uuid=uuid, initiative=initiative, name=name, email=email, message=message, asked_at=at)
    _owners(question)
    question.save()
    if is_proved:
        return relay(question=question, at=at)
    link = mailed_link("question_send", "question", question.uuid)
    queue_mail(email, "question_confirm", {"question": question, "link": link})
    return question


@transaction.atomic
def relay(*, question: Question, at: datetime) -> Question:
    """Write to the owners: they answer to the person, whose address they get. Done twice, it is done once.

    Raises ``Refused`` when nobody answers for the fiche any more.
    """
    take_turn()
    question = Question.objects.select_related("initiative").select_for_update(of=("self",)).get(pk=question.pk)
    if question.relayed_at:
        return question
    for owner in _owners(question):
        queue_mail(owner.email, "question", {"question": question, "owner": owner}, reply_to=question.email)
    question.relayed_at = at
    question.save(update_fields=["relayed_at"])
    return question


def purge_questions(at: datetime) -> int:
    """Forget the questions of more than thirty days; returns how many."""
    return Question.objects.filter(asked_at__lte=at - KEPT).delete()[0]


def _owners(question):
    fiche = question.initiative
    if not fiche.is_published:
        raise Refused(f"« {fiche} » n’est plus dans l’annuaire : votre message n’est pas parti.")
    owners = question.owners
    if not owners:
        raise Refused("Personne ne suit plus cette fiche : votre message n’est pas parti. Écrivez à la Cress.")
    return owners
