"""What leaves with an initiative: one list of columns for every format.

Names are public API: they grow, they do not change. Those that schema.org and the makers of maps (uMap, GoGoCarto) know
are theirs; those that hold the values of a parameter of the list bear its name. Nothing private has a column.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from initiatives.directory.structured import LICENCES, permanent_address
from initiatives.exchange import readings
from initiatives.exchange.batches import Facts
from initiatives.exchange.readings import SITE_NAME, code, of, plain


class Kind(StrEnum):
    """What a column holds, as the documentation says it."""

    TEXT = "texte"
    ADDRESS = "adresse web"
    LIST = "liste"
    NUMBER = "nombre"
    DAY = "date"
    MOMENT = "date et heure"


@dataclass(frozen=True)
class Column:
    """``read`` gives the value from the facts of a fiche: None, or an empty list, when it is not known."""

    name: str
    label: str
    kind: Kind
    meaning: str
    read: Callable[[Facts], object]


TEXT, ADDRESS, LIST, NUMBER, DAY, MOMENT = Kind
SAME_ORDER = "dans le même ordre"

# fmt: off
COLUMNS = tuple(Column(*column) for column in (
    ("id", "Identifiant", TEXT, "UUID de l’initiative, qui ne change jamais.", lambda known: str(known.fiche.uuid)),
    ("name", "Nom", TEXT, "Nom de l’initiative.", of("fiche.name")),
    ("description", "Résumé", TEXT, "Ce que fait l’initiative, en 300 signes au plus.", of("fiche.summary")),
    ("url", "Adresse permanente", ADDRESS, "Mène à la fiche d’aujourd’hui, même renommée ou fusionnée.",
     lambda known: permanent_address(known.fiche)),
    ("page", "Page", ADDRESS, "Adresse de la fiche au jour de l’export.",
     lambda known: settings.SITE_URL + known.fiche.get_absolute_url()),
    ("website", "Site", ADDRESS, "Site de l’initiative elle-même.", of("fiche.website")),
    ("categories", "Thèmes", LIST, "Noms des thèmes, le principal d’abord.", readings.themes),
    ("theme", "Thèmes, codes", LIST, f"Valeurs du paramètre « theme », {SAME_ORDER}.", readings.theme_slugs),

    ("latitude", "Latitude", NUMBER, "Latitude du siège, en degrés (WGS 84).", readings.latitude),
    ("longitude", "Longitude", NUMBER, "Longitude du siège, en degrés (WGS 84).", readings.longitude),
    ("precisionPoint", "Précision du point", TEXT,
     "« lieu » : le point est celui du siège ; « commune » : celui de sa commune, faute de mieux.",
     readings.point_precision),
    ("nomLieu", "Nom du siège", TEXT, "Nom du lieu où est le siège.", of("seat.label")),
    ("streetAddress", "Rue", TEXT, "Adresse du siège, telle que la fiche la donne.", of("seat.address")),
    ("postalCode", "Code postal", TEXT, "Celui du siège ; vide quand plusieurs sont possibles.", readings.postal_code),
    ("addressLocality", "Commune", TEXT, "Commune du siège.", of("commune.name")),
    ("addressCountry", "Pays", TEXT, "« FR » quand le siège est connu.", readings.country),
    ("codeInsee", "Code Insee", TEXT, "Code de la commune du siège, ou de son arrondissement municipal.",
     of("place.code")),
    ("departement", "Département", TEXT, "Département du siège.", of("place.department.name")),
    ("codeDepartement", "Code du département", TEXT, "Code Insee de ce département.", of("place.department.code")),
    ("epci", "Intercommunalité", TEXT, "Intercommunalité du siège.", of("place.epci.name")),
    ("codeEpci", "Code de l’intercommunalité", TEXT, "Siren de cette intercommunalité.", of("place.epci.code")),
    ("lieux", "Lieux", LIST, "Communes ou arrondissements de tous les lieux, le siège d’abord.", readings.places),
    ("codesLieux", "Lieux, codes", LIST, f"Valeurs du paramètre « territoire », {SAME_ORDER}.", readings.place_keys),
    ("couverture", "Territoires d’intervention", LIST, "Où l’initiative dit agir.", readings.coverage),
    ("codesCouverture", "Territoires d’intervention, codes", LIST,
     f"Valeurs du paramètre « territoire », {SAME_ORDER}.", readings.coverage_keys),

    ("etape", "Étape", TEXT, "Valeur du paramètre « etape » : une lecture, datée et signée.", code("fiche.stage")),
    ("anneeEtape", "Année de l’étape", NUMBER, "Année de la source où l’étape a été lue.", of("fiche.stage_as_of")),
    ("etapeLuePar", "Étape lue par", TEXT,
     "« redaction » : lue par la rédaction dans une source ; « porteur » : dite par le porteur.",
     readings.stage_read_by),
    ("activite", "Activité", TEXT, "Valeur du paramètre « activite ».", code("fiche.activity")),
    ("anneeDebut", "Année de début", NUMBER, "Année du démarrage.", of("fiche.start_year")),
    ("precisionDebut", "Précision du début", TEXT, "« exacte », « environ » ou « avant » cette année.",
     readings.start_precision),
    ("anneeFin", "Année de fin", NUMBER, "Année où l’initiative s’est arrêtée.", of("fiche.end_year")),
    ("precisionFin", "Précision de la fin", TEXT, "« exacte », « environ » ou « avant » cette année.",
     readings.end_precision),
    ("echelle", "Échelle", TEXT, "Valeur du paramètre « echelle ».", code("fiche.scale")),
    ("milieu", "Milieu", TEXT, "Valeur du paramètre « milieu ».", code("fiche.milieu")),
    ("public", "Publics", LIST, "Valeurs du paramètre « public ».", readings.audiences),
    ("nouveaute", "Nouveautés", LIST, "Valeurs du paramètre « nouveaute ».", of("fiche.novelties")),

    ("nomPorteur", "Structure porteuse", TEXT, "Nom de la structure qui porte l’initiative.", of("lead.name")),
    ("urlPorteur", "Adresse de la structure", ADDRESS, "Adresse permanente de sa fiche.", readings.lead_address),
    ("sirenPorteur", "Siren de la structure", TEXT, "Siren de cette structure.", of("lead.siren")),
    ("porteur", "Genre de la structure", TEXT, "Valeur du paramètre « porteur ».", code("lead.kind")),
    ("forme", "Forme juridique", TEXT, "Valeur du paramètre « forme ».", code("lead.legal_form")),

    ("aVerifier", "À vérifier", LIST, "Les doutes de la fiche : le champ, puis la raison du doute.", readings.doubts),
    ("sourcesCitees", "Sources citées", LIST, "Titre, éditeur et année de chaque source.", readings.sources),
    ("urlSources", "Adresses des sources", LIST, "Adresses des sources qui en ont une.", readings.source_addresses),
    ("publieeLe", "Publiée le", MOMENT, "Première publication de la fiche.", of("fiche.published_at")),
    ("modifieeLe", "Modifiée le", MOMENT, "Dernière modification de la fiche.", of("fiche.modified_at")),
    ("verifieeLe", "Vérifiée le", DAY, "Dernière vérification par l’équipe.", of("fiche.checked_on")),
    ("relueLe", "Relue le", DAY, "Dernière relecture par le porteur.", of("fiche.holder_checked_on")),
    ("source", "Origine", TEXT, "L’annuaire d’où vient la ligne.", lambda known: SITE_NAME),
    ("licence", "Licence", TEXT, "Licence du texte de la fiche.", of("fiche.text_licence")),
    ("urlLicence", "Texte de la licence", ADDRESS, "Adresse de cette licence.",
     lambda known: LICENCES.get(known.fiche.text_licence)),
    ("attribution", "À citer ainsi", TEXT, "La phrase qui cite la fiche.", readings.attribution),
))
# fmt: on


def row_of(known):
    """The facts of a fiche as a row: column → value, the same keys in all."""
    return {column.name: plain(column.read(known)) for column in COLUMNS}
