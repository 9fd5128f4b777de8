"""What a moderator answers on the page of one submission, and the decisions that each kind of submission allows."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from initiatives.admin.asking import PlainLabels
from initiatives.models import Actor, ReplyTemplate, Submission
from initiatives.submission import checklist
from initiatives.submission.actions import deciding_changes, decisions
from initiatives.submission.refusals import Refused

Kind = Submission.Kind
LONGEST_MESSAGE, LONGEST_QUESTION = 5000, 1000
NEW_ACTOR = "nouveau"


@dataclass(frozen=True)
class Decision:
    """A button of the page. ``decide``: called with the form and who decides. ``done``: what is then true."""

    label: str
    decide: Callable
    done: str
    is_main: bool = False


class ModerationForm(PlainLabels, forms.Form):
    """Everything that may be typed on the page: a refused decision shows it again as it was."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    fiche_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    checks = forms.MultipleChoiceField(label="Relecture", required=False, widget=forms.CheckboxSelectMultiple)
    template = forms.ModelChoiceField(
        ReplyTemplate.objects.all(),
        label="Modèle de réponse",
        required=False,
        empty_label="À choisir après la décision",
    )
    message = forms.CharField(
        label="Message", required=False, max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 6})
    )
    reason = forms.ChoiceField(label="Motif, pour un refus", required=False)

    def __init__(self, submission, *args, changes=(), fields=(), described=(), **kwargs):
        """``changes``: those proposed. ``fields``: (name, label) on which a question may be asked. ``described``:
        (described actor, those that it may be)."""
        fiche = submission.fiche
        initial = {"revision": submission.revision, "fiche_revision": fiche.revision if fiche else 0}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.submission = submission
        self.fields["checks"].choices = [(check.key, check.label) for check in checklist.checks_for(submission.kind)]
        reasons = checklist.REASONS_BY_KIND[submission.kind]
        self.fields["reason"].choices = [("", "À choisir pour un refus"), *reasons.items()]
        for change in changes:
            self.fields[f"d-{change.field}"] = forms.ChoiceField(
                choices=[("accepted", "Accepter"), ("rejected", "Refuser")], required=False, widget=forms.RadioSelect
            )
        for name, label in fields:
            self.fields[f"q-{name}"] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST_QUESTION,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.described = [actor["name"] for actor, _ in described]
        for number, (_, likely) in enumerate(described):
            choices = [(str(item.fiche.uuid), str(item.fiche)) for item in likely if item.fiche.is_published]
            self.fields[f"a-{number}"] = forms.ChoiceField(
                choices=[*choices, (NEW_ACTOR, "Un autre\N{NO-BREAK SPACE}: le créer" if choices else "Le créer")],
                required=False,
                widget=forms.RadioSelect,
                initial=None if choices else NEW_ACTOR,
            )

    @property
    def choices_made(self) -> int:
        """How many changes are decided in the form as it stands."""
        return sum(1 for name in self.fields if name.startswith("d-") and self[name].value())

    # What was answered

    def seen(self, with_fiche=True) -> dict:
        """On which states the person decides."""
        revision = {"revision": self.cleaned_data["revision"]}
        return revision | ({"fiche_revision": self.cleaned_data["fiche_revision"] or 0} if with_fiche else {})

    def questions(self) -> dict[str, str]:
        return {name[2:]: text for name, text in self.cleaned_data.items() if name.startswith("q-") and text}

    def choices(self) -> dict[str, str]:
        return {name[2:]: choice for name, choice in self.cleaned_data.items() if name.startswith("d-") and choice}

    def actors(self) -> dict[str, Actor | None]:
        """Name of each described actor → the one that it is, None for a new one. Raises ``Refused``."""
        found = {}
        for number, name in enumerate(self.described):
            choice = self.cleaned_data.get(f"a-{number}")
            if not choice:
                raise Refused(f"Dites qui est « {name} » : un acteur de l’annuaire, ou un nouveau.")
            found[name] = None if choice == NEW_ACTOR else Actor.objects.get(uuid=choice)
        return found


# Decisions


def _publish(form, **who):
    decisions.publish_submission(
        submission=form.submission,
        **form.seen(),
        ticked=form.cleaned_data["checks"],
        message=form.cleaned_data["message"],
        actors=form.actors(),
        **who,
    )


def _decide_change(form, **who):
    chosen = form.choices()
    deciding_changes.decide_change(
        submission=form.submission,
        **form.seen(),
        decisions=chosen,
        ticked=form.cleaned_data["checks"],
        message=form.cleaned_data["message"],
        reason=form.cleaned_data["reason"],
        actors=form.actors() if "accepted" in chosen.values() else {},
        **who,
    )


def _ask(form, **who):
    decisions.ask_changes(
        submission=form.submission,
        **form.seen(with_fiche=False),
        message=form.cleaned_data["message"],
        questions=form.questions(),
        **who,
    )


def _reject(form, **who):
    decisions.reject(
        submission=form.submission,
        **form.seen(with_fiche=False),
        reason=form.cleaned_data["reason"],
        message=form.cleaned_data["message"],
        **who,
    )


def _accept(act, with_fiche=False):
    def decide(form, **who):
        act(submission=form.submission, **form.seen(with_fiche), message=form.cleaned_data["message"], **who)

    return decide


def _no_follow_up(form, **who):
    reason = form.cleaned_data["reason"]
    if not reason:
        raise Refused("Choisissez le motif : un signalement sans suite est expliqué à son auteur.")
    decisions.decide_report(
        submission=form.submission,
        **form.seen(with_fiche=False),
        message=form.cleaned_data["message"],
        no_follow_up=reason,
        **who,
    )


def _close(outcome):
    def decide(form, **who):
        decisions.close_recheck(submission=form.submission, **form.seen(), outcome=outcome, **who)

    return decide


ASK = Decision("Demander des précisions", _ask, "est renvoyée à son auteur, avec vos questions")
REJECT = Decision("Refuser, avec un motif", _reject, "est refusée ; son auteur est prévenu")
DECISIONS = {
    Kind.NEW: {
        "publier": Decision("Publier", _publish, "est en ligne ; son porteur est prévenu", is_main=True),
        "preciser": ASK,
        "refuser": REJECT,
    },
    Kind.CHANGE: {
        "publier": Decision(
            "Publier les changements acceptés", _decide_change, "est traitée ; son auteur est prévenu", is_main=True
        ),
        "preciser": ASK,
        "refuser": REJECT,
    },
    Kind.REPORT: {
        "traiter": Decision(
            "C’est corrigé", _accept(decisions.decide_report), "est traitée ; son auteur est prévenu", is_main=True
        ),
        "preciser": ASK,
        "refuser": Decision("Sans suite", _no_follow_up, "est close sans suite ; son auteur est prévenu"),
    },
    Kind.CLAIM: {
        "accorder": Decision(
            "Reconnaître ce porteur",
            _accept(decisions.decide_claim),
            "est accordée ; la personne est prévenue",
            is_main=True,
        ),
        "preciser": ASK,
        "refuser": REJECT,
    },
    Kind.WITHDRAWAL: {
        "archiver": Decision(
            "Archiver la fiche",
            _accept(decisions.decide_withdrawal, with_fiche=True),
            "est traitée : la fiche est archivée",
            is_main=True,
        ),
        "preciser": ASK,
        "refuser": REJECT,
    },
    Kind.RECHECK: {
        "verifier": Decision(
            "Marquer comme vérifiée", _close("verified"), "est close : la fiche est vérifiée", is_main=True
        ),
        "archiver": Decision("Archiver la fiche", _close("archived"), "est close : la fiche est archivée"),
        "plus-tard": Decision("Plus tard", _close("later"), "revient à la fin de la file"),
    },
}
