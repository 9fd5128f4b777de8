"""Who sent what: private, apart from the fiche, and purged."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from initiatives.models.publication import Line
from initiatives.models.target import Targeted, TargetQuerySet, one_target_at_most


class SubmissionQuerySet(TargetQuerySet):
    def waiting(self):
        """Those that wait for the team, the oldest first."""
        return self.filter(state=Submission.State.WAITING).order_by("waiting_since", "pk")

    def signed(self):
        """The deposits whose fiche is published with the name of who sent it, since they asked for that."""
        return self.filter(kind="new", state="accepted", name_is_public=True).exclude(name="")

    def of(self, user):
        """What a person has sent or is writing: what bears their account, or the address that they proved."""
        return self.filter(Q(user=user) | Q(email=user.email))


class Submission(Targeted):
    """Demande : ce que quelqu’un envoie à l’équipe, et où cela en est. Privée, effacée après un délai."""

    class Kind(models.TextChoices):
        NEW = "new", "Nouvelle fiche"
        CHANGE = "change", "Modification"
        REPORT = "report", "Signalement"
        CLAIM = "claim", "Revendication"
        RECHECK = "recheck", "Revérification"
        WITHDRAWAL = "withdrawal", "Demande de retrait"

    class State(models.TextChoices):
        DRAFT = "draft", "Brouillon"
        UNCONFIRMED = "unconfirmed", "Adresse à confirmer"
        WAITING = "waiting", "En attente de la Cress"
        CHANGES_REQUESTED = "changes_requested", "À compléter"
        ACCEPTED = "accepted", "Acceptée"
        PARTLY_ACCEPTED = "partly_accepted", "Acceptée en partie"
        REJECTED = "rejected", "Refusée"
        WITHDRAWN = "withdrawn", "Retirée"

    # Nothing more is expected of anybody.
    ENDED = (State.ACCEPTED, State.PARTLY_ACCEPTED, State.REJECTED, State.WITHDRAWN)

    class Door(models.TextChoices):
        """By which door of ``/deposer/`` one came."""

        EXISTS = "existe", "Elle existe déjà"
        STARTS = "demarre", "Elle démarre"

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    receipt = models.CharField("numéro", max_length=20, unique=True, null=True, blank=True, editable=False)
    kind = models.CharField("type", max_length=12, choices=Kind)
    state = models.CharField("état", max_length=20, choices=State, default=State.DRAFT, editable=False)
    door = models.CharField("porte", max_length=10, choices=Door, blank=True)

    email = models.EmailField("adresse électronique", blank=True)
    name = models.CharField("nom", max_length=150, blank=True)
    role = models.CharField("rôle dans la structure", max_length=150, blank=True)
    user = models.ForeignKey(
        "initiatives.User", models.SET_NULL, null=True, blank=True, related_name="submissions", verbose_name="compte"
    )
    name_is_public = models.BooleanField("nom publié", default=False)
    is_on_behalf = models.BooleanField("saisie par l’équipe pour quelqu’un", default=False)

    # The document that is being written (``submission.documents``), and of which revision of the fiche it started.
    answers = models.JSONField("réponses", default=dict, blank=True)
    base_revision = models.PositiveIntegerField("révision de départ", default=0)
    done_steps = models.JSONField("étapes remplies", default=list, blank=True)
    distinct = models.JSONField("fiches qui sont autre chose", default=list, blank=True)
    comment = models.TextField("commentaire", blank=True)

    assignee = models.ForeignKey(
        "initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="prise par"
    )
    assigned_at = models.DateTimeField("prise le", null=True, blank=True)
    # Moves with each decision and each answer: a second decision made on an older one is refused.
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    created_at = models.DateTimeField("commencée le", default=timezone.now, editable=False)
    saved_at = models.DateTimeField("enregistrée le", default=timezone.now, editable=False)
    sent_at = models.DateTimeField("envoyée le", null=True, editable=False)
    confirmed_at = models.DateTimeField("adresse confirmée le", null=True, editable=False)
    waiting_since = models.DateTimeField("attend depuis", null=True, editable=False)
    decided_at = models.DateTimeField("terminée le", null=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "demande"
        verbose_name_plural = "demandes"
        permissions = [("moderate", "Peut traiter les demandes")]
        ordering = ["waiting_since", "pk"]
        indexes = [
            models.Index(fields=["state", "waiting_since"], name="submission_queue"),
            models.Index(fields=["email"], name="submission_email"),
        ]
        constraints = [
            models.CheckConstraint(condition=one_target_at_most(), name="submission_has_one_target_at_most"),
            models.CheckConstraint(
                condition=Q(kind="new") | ~Q(initiative=None, actor=None, funding_source=None),
                name="submission_about_a_fiche_names_it",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "unconfirmed", "withdrawn", "rejected"))
                | Q(kind="recheck")
                | Q(confirmed_at__isnull=False),
                name="submission_is_confirmed_before_the_queue",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waiting_since__isnull=False), name="submission_waits_since_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("accepted", "partly_accepted", "rejected", "withdrawn"), decided_at__isnull=False
                )
                | (~Q(state__in=("accepted", "partly_accepted", "rejected", "withdrawn")) & Q(decided_at=None)),
                name="submission_decided_at_tells_state",
            ),
        ]

    def __str__(self):
        called = self.fiche or self.answers.get("name") or "sans nom"
        return f"{called} ({self.get_kind_display().lower()})"

    @property
    def is_ended(self):
        return self.state in self.ENDED


class SubmissionEvent(models.Model):
    """Étape d’une demande : quand elle est devenue quoi, et par qui (l’équipe, ou la personne elle-même)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="events")
    at = models.DateTimeField("le")
    state = models.CharField("état", max_length=20, choices=Submission.State)
    by = models.ForeignKey("initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField("note", blank=True)

    class Meta:
        verbose_name = "étape d’une demande"
        verbose_name_plural = "étapes d’une demande"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.submission} : {self.get_state_display()}"


class SubmissionMessage(models.Model):
    """Message entre l’équipe et la personne, sur un champ ou sur l’ensemble."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="messages")
    at = models.DateTimeField("le")
    by = models.ForeignKey("initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+")
    is_from_team = models.BooleanField("de l’équipe", default=False)
    field = models.CharField("champ", max_length=40, blank=True)
    text = models.TextField("texte")

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="submissionmessage_says_something")]

    def __str__(self):
        return self.text[:80]


class Consent(models.Model):
    """Texte accepté : lequel, dans quelle version, quand."""

    class Text(models.TextChoices):
        CHARTER = "charte", "Charte de publication"
        LICENCE = "licence", "Licence Ouverte 2.0 pour les textes"
        PUBLICATION = "publication", "Publication de la fiche"
        PRIVACY = "donnees-personnelles", "Information sur les données personnelles"
        PHOTOS = "photos", "Droit de publier les photos"
        PRINT = "impression", "Impression des photos"
        NAME = "nom-public", "Publication du nom"

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="consents")
    text = models.CharField("texte", max_length=30, choices=Text)
    version = models.CharField("version", max_length=80)
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "accord"
        verbose_name_plural = "accords"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "text", "version"], name="consent_once"),
        ]

    def __str__(self):
        return f"{self.get_text_display()} ({self.version})"


class SentPhoto(Line):
    """Photo d’une demande, vue de son auteur et de l’équipe ; celle de la fiche prendra son identifiant.

    Made by ``submission.images.store_photo``, like ``Photo``.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="photos")
    file = models.CharField("original", max_length=200, unique=True, editable=False)
    width = models.PositiveIntegerField("largeur en pixels", editable=False)
    height = models.PositiveIntegerField("hauteur en pixels", editable=False)
    sent_at = models.DateTimeField("envoyée le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "photo envoyée"
        verbose_name_plural = "photos envoyées"
        ordering = ["sent_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="sentphoto_has_a_size")]

    def __str__(self):
        return f"Photo {self.uuid}"


class ProposedChange(models.Model):
    """Changement proposé d’un champ d’une fiche publiée : ce qui était, ce qui est proposé, ce qui en est décidé.

    A relation (sites, photos…) is one field, its lines known by their UUID.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Accepté"
        REJECTED = "rejected", "Refusé"

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="changes")
    field = models.CharField("champ", max_length=40)
    base = models.JSONField("en ligne au moment de l’envoi", null=True)
    proposed = models.JSONField("proposé", null=True)
    decision = models.CharField("décision", max_length=10, choices=Decision, blank=True, default="")
    decided_by = models.ForeignKey("initiatives.User", models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    class Meta:
        verbose_name = "changement proposé"
        verbose_name_plural = "changements proposés"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "field"], name="proposedchange_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="proposedchange_decided_at_tells_decision",
            ),
        ]

    def __str__(self):
        return f"{self.submission} : {self.field}"


class Opinion(models.Model):
    """Avis d’un porteur sur un changement proposé par quelqu’un d’autre."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="opinions")
    user = models.ForeignKey("initiatives.User", models.CASCADE, related_name="+", verbose_name="porteur")
    agrees = models.BooleanField("d’accord", null=True, blank=True)
    comment = models.TextField("commentaire", blank=True)
    asked_at = models.DateTimeField("demandé le")
    at = models.DateTimeField("donné le", null=True, blank=True)

    class Meta:
        verbose_name = "avis d’un porteur"
        verbose_name_plural = "avis des porteurs"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="opinion_once"),
            models.CheckConstraint(
                condition=Q(agrees=None, at=None) | Q(agrees__isnull=False, at__isnull=False),
                name="opinion_is_given_on_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.user} : {self.submission}"
