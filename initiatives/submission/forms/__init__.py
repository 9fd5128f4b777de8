"""The steps of the deposit, in their order; ``STEPS`` says what each is called."""

from dataclasses import dataclass

from initiatives.submission.forms.essential import AddressForm, EssentialForm
from initiatives.submission.forms.means import MeansForm
from initiatives.submission.forms.novelty import NoveltyForm
from initiatives.submission.forms.photos import PhotosForm
from initiatives.submission.forms.steps import ADD_ROW, StepForm, changes_of, with_one_row_more
from initiatives.submission.forms.territory import TerritoryForm

__all__ = ["ADD_ROW", "AddressForm", "STEPS", "STEP_FORMS", "Step", "StepForm", "changes_of", "with_one_row_more"]


@dataclass(frozen=True)
class Step:
    """``key``: in addresses. ``form``: None for the last one, where one reads and sends."""

    key: str
    title: str
    lead: str
    form: type[StepForm] | None = None


STEPS = (
    Step(
        "essentiel",
        "L’essentiel",
        "Cinq réponses, toutes obligatoires. Le reste est facultatif et peut venir plus tard.",
        EssentialForm,
    ),
    Step("territoire", "Où et pour qui", "Où elle agit, et pour qui. Tout est facultatif.", TerritoryForm),
    Step("nouveaute", "Ce qui est nouveau", "Le cœur de la fiche. Peu de mots suffisent, les vôtres.", NoveltyForm),
    Step(
        "moyens",
        "Qui et avec quels moyens",
        "La structure, ses partenaires, l’argent reçu, et ce qu’il faut pour la refaire ailleurs.",
        MeansForm,
    ),
    Step("photos", "Photos et liens", "Où en lire plus, et jusqu’à six photos.", PhotosForm),
    Step("envoi", "Relire et envoyer", "Voici ce que dira la fiche. Corrigez ce qu’il faut, puis envoyez-la."),
)
STEP_FORMS = {step.key: step.form for step in STEPS if step.form}
