"""Fiches that have everything a fiche may have, and others that only have what publication asks for."""

from django.utils import timezone

from initiatives.models.vocabulary import LineageRelation, Role
from tests import factories


def full_initiative(places, **values):
    top = factories.ThemeFactory(own_cloth="alimentation")
    theme = factories.ThemeFactory(name="Cantines", parent=top, slug="cantines")
    lead = factories.ActorFactory(published=True, name="La Légumerie", legal_form="scic", kind="entreprise-ess")
    funder = factories.ActorFactory(published=True, name="La Fondation", kind="financeur")
    source = factories.FundingSourceFactory(published=True, name="Le Prix", offered_by=funder, stages=["essaimage"])
    factories.OfferFactory(
        actor=factories.ActorFactory(published=True, name="L’Incubateur"), what="Un an d’appui", stages=["essaimage"]
    )
    told = {
        "social_need": "Des légumes se perdent.\n\nDes emplois manquent.",
        "response": "Une légumerie.",
        "innovation": "Les deux à la fois.",
        "results": "120 repas par jour.",
        "difficulties": "Trouver un local.",
        "redo_cost": "80 000 €",
        "redo_duration": "dix-huit mois",
        "redo_partners": "des maraîchers\nune commune",
        "redo_pitfalls": "les normes",
        "novelties": ["production", "nouveau-ici"],
    }
    facts = {
        "name": "Les Jardins",
        "stage": "essaimage",
        "stage_as_of": 2017,
        "start_year": 2014,
        "start_precision": "environ",
        "scale": "departement",
        "milieu": "rural",
        "website": "https://jardins.exemple.test/",
        "contact_email": "bonjour@jardins.exemple.test",
        "contact_phone": "04 00 00 00 00",
        "contact_note": "plutôt le matin",
        "origin": "redaction",
    }
    fiche = factories.InitiativeFactory(
        published=True,
        sites=[places.arles, places.marseille_3],
        coverage=[places.bouches_du_rhone],
        themes=[theme],
        audiences=[factories.AudienceFactory(name="Jeunes")],
        lead=lead,
        **told | facts | values,
    )
    factories.ParticipationFactory(
        initiative=fiche, actor=funder, role=Role.FUNDER, detail="remet un prix", since=2017, until=2019
    )
    factories.FundingFactory(initiative=fiche, source=source, actor=funder, amount=5000, year=2019, kind="prix")
    factories.FundingFactory(initiative=fiche, source=None, actor=funder)
    factories.MilestoneFactory(initiative=fiche, year=2014, text="Création de la légumerie")
    factories.MilestoneFactory(initiative=fiche, year=2019, text="Un prix")
    factories.SourceFactory(initiative=fiche, title="Un article", year=2017)
    factories.SourceFactory(initiative=fiche, title="", url="")
    factories.TakingPartFactory(initiative=fiche, way="visiter", how="en groupe")
    factories.NoticeFactory(initiative=fiche, said_on=timezone.localdate(), text="au rez-de-chaussée")
    for name, year in (("Montpellier", 2015), ("Un lieu au nom vraiment long, à deux lignes", None)):
        factories.LineageFactory(
            initiative=fiche, other=None, place=name, relation=LineageRelation.SPREAD_TO, year=year, detail="en réseau"
        )
    factories.LineageFactory(initiative=fiche, other=factories.InitiativeFactory(published=True, name="L’Aînée"))
    factories.InitiativeFactory(published=True, name="L’Écho", themes=[top], sites=[places.aix])
    return fiche


def full_actor(places, **values):
    facts = {
        "name": "Inter-Made",
        "acronym": "IM",
        "kind": "accompagnement",
        "legal_form": "association",
        "siren": "732829320",
        "founded_year": 2000,
        "presentation": "Un incubateur.\n\nUne couveuse.",
        "seat": places.marseille_3,
        "website": "https://im.exemple.test/",
        "contact_note": "par le formulaire",
    }
    theme = factories.ThemeFactory(parent=factories.ThemeFactory(own_cloth="numerique"))
    actor = factories.ActorFactory(published=True, coverage=[places.paca], themes=[theme], **facts | values)
    factories.ActorLabelFactory(actor=actor, since=2016)
    factories.OfferFactory(
        actor=actor,
        what="La couveuse",
        description="Essayer pour de vrai.",
        stages=["emergence", "experimentation"],
        for_whom="qui commence",
        duration="un an",
        cost="gratuit",
        how_to_apply="une réunion chaque mois",
        url="https://im.exemple.test/couveuse/",
    )
    factories.MilestoneFactory(initiative=None, actor=actor, year=2000, text="Création")
    factories.SourceFactory(initiative=None, actor=actor)
    other = factories.ActorFactory(published=True, name="La Friche", kind="lieu")
    factories.ActorTieFactory(actor=actor, other=other, text="y a ses bureaux", kind="partenaire")
    factories.ActorTieFactory(actor=factories.ActorFactory(published=True, name="Le Membre"), other=actor)
    helped = factories.InitiativeFactory(published=True, name="L’Aidée", themes=[theme], sites=[places.arles])
    factories.ParticipationFactory(initiative=helped, actor=actor, role=Role.SUPPORTER, detail="par la couveuse")
    carried = factories.InitiativeFactory(published=True, name="La Portée", themes=[theme], sites=[places.aix])
    factories.ParticipationFactory(initiative=carried, actor=actor, role=Role.HOLDER, is_lead=True)
    paid = factories.InitiativeFactory(published=True, name="La Payée", themes=[theme], sites=[places.aix])
    source = factories.FundingSourceFactory(published=True, name="Le Coup de pouce", offered_by=actor)
    factories.FundingFactory(initiative=paid, source=source)
    factories.ActorFactory(published=True, name="Le Semblable", kind="accompagnement", seat=places.aix)
    return actor


def full_funding(places, **values):
    facts = {
        "name": "Le Concours",
        "kinds": ["mecenat", "accompagnement"],
        "amount_min": 100_000,
        "amount_max": 255_000,
        "max_share": 70,
        "repayable": False,
        "stages": ["essaimage"],
        "legal_forms": ["association", "scic"],
        "exclusions": "Les partis.",
        "returns_in_month": 11,
        "eligibility": "Avoir fait ses preuves.",
        "how_to_apply": "Un dossier en ligne.",
        "website": "https://concours.exemple.test/",
        "offered_by": factories.ActorFactory(published=True, name="La Fondation"),
    }
    theme = factories.ThemeFactory(name="Habitat", own_cloth="habitat")
    source = factories.FundingSourceFactory(published=True, territories=[places.paca], themes=[theme], **facts | values)
    source.audiences.set([factories.AudienceFactory(name="Jeunes")])
    factories.SourceFactory(initiative=None, funding_source=source)
    funded = factories.InitiativeFactory(published=True, name="Les Jardins", themes=[theme], sites=[places.arles])
    factories.FundingFactory(initiative=funded, source=source, amount=200_000, year=2023)
    factories.FundingFactory(initiative=funded, source=source, year=2025)
    return source
