"""All that the site knows of a holder, in their words, and nothing of anybody else: what « Mes fiches » gives them."""

from django.conf import settings
from django.urls import reverse
from post_office.models import Email
from reversion.models import Revision

from initiatives.models import Invitation, Opinion, Ownership, PrivateContact, Question, Recheck, Submission, User


def everything_about(user: User) -> dict:
    """A JSON document, in French. Whoever else had to do with it is « l’équipe », or is not named."""
    return {
        "compte": {
            "adresse électronique": user.email,
            "nom": user.name,
            "créé le": user.date_joined,
            "dernière connexion": user.last_login,
        },
        "demandes": [_submission(row, user) for row in _submissions(user)],
        "fiches portées": [
            {
                "fiche": _called(row.fiche),
                "comment": row.get_how_display(),
                "rôle": row.role,
                "depuis": row.since,
                "jusqu’au": row.ended_at,
            }
            for row in Ownership.objects.filter(user=user).with_fiche()
        ],
        "invitations reçues": [
            {
                "fiche": _called(row.fiche),
                "adresse électronique": row.email,
                "nom": row.name,
                "envoyée le": row.sent_at,
                "réponse": row.get_answer_display(),
                "réponse le": row.answered_at,
                "note": row.note,
            }
            for row in Invitation.objects.filter(email=user.email).with_fiche()
        ],
        # Whom they invited is somebody else.
        "invitations envoyées": [
            {"fiche": _called(row.fiche), "envoyée le": row.sent_at}
            for row in Invitation.objects.filter(sent_by=user).with_fiche()
        ],
        "avis donnés": [
            {
                "fiche": _called(row.submission.fiche),
                "demandé le": row.asked_at,
                "donné le": row.at,
                "d’accord": row.agrees,
                "commentaire": row.comment,
            }
            for row in Opinion.objects.filter(user=user).select_related(*_of("submission"))
        ],
        "questions posées à des porteurs": [
            {"fiche": _called(row.initiative), "nom": row.name, "message": row.message, "posée le": row.asked_at}
            for row in Question.objects.filter(email__iexact=user.email).select_related("initiative")
        ],
        "relectures": [
            {"fiche": _called(row.fiche), "réponse le": row.answered_at, "réponse": row.get_answer_display()}
            for row in Recheck.objects.filter(answered_by=user).with_fiche()
        ],
        "contacts tenus par l’équipe": [
            {"acteur": row.actor.name, "nom": row.name, "adresse": row.email, "téléphone": row.phone, "note": row.note}
            for row in PrivateContact.objects.filter(email__iexact=user.email).select_related("actor")
        ],
        "actes dans l’annuaire": [
            {"le": at, "acte": said}
            for at, said in Revision.objects.filter(user=user).values_list("date_created", "comment").order_by("pk")
        ],
        "messages envoyés par le site": [
            {"le": mail.created, "objet": mail.subject}
            for mail in Email.objects.filter(to__icontains=user.email).only("created", "subject", "to").order_by("pk")
            if user.email in map(User.objects.normalize_email, mail.to)
        ],
    }


def _submissions(user):
    rows = Submission.objects.of(user).with_fiche().order_by("pk")
    return rows.prefetch_related("events", "messages", "consents", "photos", "changes")


def _submission(row, user):
    return {
        "numéro": row.receipt,
        "type": row.get_kind_display(),
        "état": row.get_state_display(),
        "fiche": _called(row.fiche),
        "adresse électronique": row.email,
        "nom": row.name,
        "rôle": row.role,
        "nom publié": row.name_is_public,
        "réponses": row.answers,
        "commentaire": row.comment,
        "commencée le": row.created_at,
        "envoyée le": row.sent_at,
        "adresse confirmée le": row.confirmed_at,
        "terminée le": row.decided_at,
        "étapes": [{"le": event.at, "état": event.get_state_display()} for event in row.events.all()],
        "messages": [
            {
                "le": message.at,
                "de": "l’équipe" if message.is_from_team else "vous",
                "champ": message.field,
                "texte": message.text,
            }
            for message in row.messages.all()
        ],
        "accords": [
            {"texte": consent.get_text_display(), "version": consent.version, "le": consent.at}
            for consent in row.consents.all()
        ],
        "photos": [{"identifiant": str(photo.uuid), "envoyée le": photo.sent_at} for photo in row.photos.all()],
        "changements proposés": [
            {"champ": change.field, "proposé": change.proposed, "décision": change.get_decision_display()}
            for change in row.changes.all()
        ],
    }


def _called(fiche):
    """The name of a fiche and, when the public knows it, its lasting address."""
    if fiche is None:
        return None
    return {"nom": fiche.name, "adresse": settings.SITE_URL + reverse("id", args=[fiche.uuid])}


def _of(path):
    return [f"{path}__{noun}" for noun in ("initiative", "actor", "funding_source")]
