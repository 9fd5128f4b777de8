"""The closed lists of the directory: stored values are those of the public contract, labels are what people read.

A value is public API (it stands in addresses and exports): labels may be reworded, values may not.
"""

from django.db import models


class Stage(models.TextChoices):
    """How far an initiative has come; a reading, dated and signed (``stage_as_of``, ``stage_read_by``)."""

    EMERGENCE = "emergence", "Émergence"
    EXPERIMENTATION = "experimentation", "Expérimentation"
    DEVELOPMENT = "developpement", "Développement"
    SCALING = "essaimage", "Essaimage"
    UNKNOWN = "inconnu", "Non connue"


class Activity(models.TextChoices):
    """Whether an initiative is alive, whatever its stage."""

    ACTIVE = "en-activite", "En activité"
    DORMANT = "en-sommeil", "En sommeil"
    ENDED = "terminee", "Terminée"
    UNKNOWN = "inconnu", "Non connue"


class ReadBy(models.TextChoices):
    """Who made a reading: the editors from a source, or the holder."""

    STAFF = "redaction", "la rédaction"
    HOLDER = "porteur", "le porteur"


class YearPrecision(models.TextChoices):
    EXACT = "exacte", "exacte"
    ABOUT = "environ", "environ"
    BEFORE = "avant", "avant"


class Scale(models.TextChoices):
    """The scale at which an initiative acts."""

    DISTRICT = "quartier", "Quartier"
    COMMUNE = "commune", "Commune"
    INTERMUNICIPAL = "intercommunalite", "Intercommunalité"
    DEPARTMENT = "departement", "Département"
    REGION = "region", "Région"
    NATIONAL = "nationale", "Nationale"
    UNKNOWN = "inconnu", "Non connue"


class Milieu(models.TextChoices):
    """The kind of place where an initiative lives."""

    RURAL = "rural", "Rural"
    MOUNTAIN = "montagne", "Montagne"
    TOWN = "ville", "Ville"
    PRIORITY_DISTRICT = "quartier-prioritaire", "Quartier prioritaire"
    UNKNOWN = "inconnu", "Non connu"


class Novelty(models.TextChoices):
    """What is new in an initiative, after article 15 of the law of 31 July 2014."""

    UNMET_NEED = "besoin-mal-couvert", "Un besoin mal couvert"
    FORM_OF_COMPANY = "forme-d-entreprise", "La forme d’entreprise"
    PRODUCTION = "production", "La façon de produire"
    ORGANISATION = "organisation", "L’organisation du travail"
    PARTICIPATION = "participation", "La participation des personnes"
    FUNDING = "financement", "La façon de financer"
    NEW_HERE = "nouveau-ici", "Nouveau sur ce territoire"


class WayToTakePart(models.TextChoices):
    BUY = "acheter", "Acheter"
    JOIN = "adherer", "Adhérer"
    HELP = "aider", "Aider"
    VISIT = "visiter", "Visiter"
    SPREAD = "en-parler", "En parler"


class Sought(models.TextChoices):
    """What an initiative looks for (parameter ``cherche``)."""

    FUNDING = "financement", "Un financement"
    PREMISES = "local", "Un local"
    VOLUNTEERS = "benevoles", "Des bénévoles"
    PARTNERS = "partenaires", "Des partenaires"
    SKILLS = "competences", "Des compétences"
    SUPPORT = "appui", "Un appui"


class Offered(models.TextChoices):
    """What an initiative offers to others (parameter ``propose``)."""

    VISIT = "visite", "Une visite"
    TESTIMONY = "temoignage", "Un témoignage"
    DOCUMENTS = "documents", "Des documents"
    TRAINING = "formation", "Une formation"


class ActorKind(models.TextChoices):
    """What an actor is (parameters ``type`` and ``porteur``)."""

    COLLECTIVE = "collectif", "Collectif citoyen"
    SSE_ENTERPRISE = "entreprise-ess", "Entreprise de l’ESS"
    NETWORK = "reseau", "Réseau"
    SUPPORT = "accompagnement", "Accompagnement"
    FUNDER = "financeur", "Financeur"
    LOCAL_AUTHORITY = "collectivite", "Collectivité territoriale"
    STATE = "etat", "État et opérateur public"
    RESEARCH = "recherche", "Recherche et formation"
    PLACE = "lieu", "Lieu et pôle"
    COMPANY = "entreprise", "Entreprise hors de l’ESS"
    UNKNOWN = "inconnu", "Non connu"


class LegalForm(models.TextChoices):
    """Legal form of an actor (parameter ``forme``)."""

    ASSOCIATION = "association", "Association"
    FOUNDATION = "fondation", "Fondation"
    ENDOWMENT_FUND = "fonds-de-dotation", "Fonds de dotation"
    MUTUAL = "mutuelle", "Mutuelle"
    SCOP = "scop", "Scop"
    SCIC = "scic", "Scic"
    CAE = "cae", "Coopérative d’activité et d’emploi"
    COOPERATIVE = "cooperative", "Autre coopérative"
    SSE_COMPANY = "societe-ess", "Société commerciale de l’ESS"
    COMPANY = "societe", "Autre société"
    LOCAL_AUTHORITY = "collectivite", "Collectivité territoriale"
    STATE = "etat", "État ou établissement public"
    COLLECTIVE = "collectif", "Collectif sans statut"
    OTHER = "autre", "Autre"
    UNKNOWN = "inconnu", "Non connue"


class Role(models.TextChoices):
    """What an actor does in an initiative."""

    HOLDER = "porteur", "Porteur"
    PARTNER = "partenaire", "Partenaire"
    SUPPORTER = "accompagnateur", "Accompagnateur"
    FUNDER = "financeur", "Financeur"
    RESEARCHER = "chercheur", "Chercheur"


class TieKind(models.TextChoices):
    """A tie between two actors, read from the first to the second."""

    MEMBER = "membre", "Membre de"
    PARTNER = "partenaire", "Partenaire de"
    STEMS_FROM = "issu-de", "Issu de"
    CARRIES = "porte", "Porte"
    OTHER = "autre", "En lien avec"


class FundingKind(models.TextChoices):
    GRANT = "subvention", "Subvention"
    CALL = "appel-a-projets", "Appel à projets"
    REPAYABLE_ADVANCE = "avance-recuperable", "Avance récupérable"
    ZERO_RATE_LOAN = "pret-taux-zero", "Prêt à taux zéro"
    SOLIDARITY_LOAN = "pret-solidaire", "Prêt solidaire ou participatif"
    LOAN = "pret", "Prêt"
    GUARANTEE = "garantie", "Garantie bancaire"
    SEED_PREMIUM = "prime-amorcage", "Prime d’amorçage"
    EQUITY = "capital", "Capital et quasi-fonds propres"
    RECOVERABLE_CONTRIBUTION = "apport-droit-reprise", "Apport avec droit de reprise"
    PATRONAGE = "mecenat", "Mécénat, don"
    AWARD = "prix", "Prix, concours"
    CROWDFUNDING = "financement-participatif", "Financement participatif"
    CITIZEN_SAVINGS = "epargne-citoyenne", "Épargne citoyenne"
    SUPPORT = "accompagnement", "Accompagnement"


class Availability(models.TextChoices):
    """State of a funding source on a given day: derived from its dates, never typed."""

    HISTORICAL = "historique", "Historique"
    CLOSED = "clos", "Clos"
    UPCOMING = "a-venir", "À venir"
    TO_CHECK = "a-verifier", "À vérifier"
    CLOSING_SOON = "bientot-clos", "Bientôt clos"
    PERMANENT = "permanent", "Permanent"
    OPEN = "ouvert", "Ouvert"


class LineageRelation(models.TextChoices):
    INSPIRED_BY = "inspiree-de", "Inspirée de"
    SPREAD_TO = "essaimee-a", "Essaimée à"


class Reading(models.TextChoices):
    """How a source was read."""

    EXTRACT = "extrait", "lu en extrait"
    PAGE = "page", "page lue"
    DOCUMENT = "document", "document lu"
    HOLDER = "porteur", "dit par le porteur"


class Presence(models.TextChoices):
    """How a fiche concerns a territory; each fiche has exactly one for a given territory."""

    BASED = "basee", "Basée ici"
    ACTS = "intervient", "Intervient ici"
    WIDER = "large", "Agit plus largement"


# The reason of a fiche that is only close to the territory asked for (``rayon``): nobody asks for it. In the alphabet
# the four go by closeness: basee, intervient, km, large.
NEAR = "km"
