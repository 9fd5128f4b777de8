"""A fiche in the words of schema.org, for machines that read pages; its addresses are canonical (SITE_URL)."""

from django.conf import settings
from django.urls import reverse

from initiatives.models.vocabulary import ActorKind, FundingKind, YearPrecision

LICENCES = {"Licence Ouverte 2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}
# What a funder gives and does not take back; the rest is a product: loans, guarantees, capital.
GIVEN = {FundingKind.GRANT, FundingKind.CALL, FundingKind.PATRONAGE, FundingKind.AWARD, FundingKind.SEED_PREMIUM}
PUBLIC_BODIES = {ActorKind.LOCAL_AUTHORITY, ActorKind.STATE}


def permanent_address(fiche):
    """The address that leads to the fiche for ever."""
    return settings.SITE_URL + reverse("id", args=[fiche.uuid])


def initiative_data(initiative, *, lead, participations, money):
    """``lead``: the published structure that carries it, or None; ``participations``, ``money``: as the fiche shows."""
    known_start = initiative.start_year and initiative.start_precision == YearPrecision.EXACT
    known_end = initiative.end_year and initiative.end_precision == YearPrecision.EXACT
    return _page(
        initiative,
        {
            "@type": "Project",
            "sameAs": initiative.website,
            "foundingDate": str(initiative.start_year) if known_start else "",
            "dissolutionDate": str(initiative.end_year) if known_end else "",
            "location": [_place(site) for site in initiative.sites.all()],
            "areaServed": [_area(territory) for territory in initiative.coverage.all()],
            "keywords": ", ".join(theme.name for theme in initiative.theme_list),
            "parentOrganization": _organisation(lead),
            "member": [_organisation(line["actor"]) for line in participations if line["actor"] != lead],
            "funding": [_grant(line) for line in money],
            "image": [_picture(photo) for photo in initiative.photos.all()],
        },
        LICENCES.get(initiative.text_licence, ""),
    )


def actor_data(actor, *, offers, coverage):
    return _page(
        actor,
        {
            "@type": "GovernmentOrganization" if actor.kind in PUBLIC_BODIES else "Organization",
            "alternateName": actor.acronym,
            "logo": _picture(getattr(actor, "logo", None)),
            "sameAs": actor.website,
            "foundingDate": str(actor.founded_year or ""),
            "address": _address(actor.seat) if actor.seat else {},
            "areaServed": [_area(territory) for territory in coverage],
            "identifier": {"@type": "PropertyValue", "propertyID": "SIREN", "value": actor.siren}
            if actor.siren
            else {},
            "makesOffer": [
                _filled({"@type": "Offer", "name": offer.what, "description": offer.description, "url": offer.url})
                for offer in offers
            ],
        },
    )


def funding_data(source, *, offered_by, territories):
    """``offered_by``: the published actor that offers it, or None."""
    is_given = bool(GIVEN.intersection(source.kinds))
    offerer = "parentOrganization" if is_given else "provider"
    return _page(
        source,
        {
            "@type": "FundingScheme" if is_given else "FinancialProduct",
            "sameAs": source.website,
            offerer: _organisation(offered_by),
            "areaServed": [_area(territory) for territory in territories],
        },
    )


def _page(fiche, thing, licence=LICENCES["Licence Ouverte 2.0"]):
    """The page of the fiche and what it is about."""
    address, permanent = settings.SITE_URL + fiche.get_absolute_url(), permanent_address(fiche)
    described = {"name": fiche.name, "description": fiche.summary, "url": address}
    page = {
        "@type": "WebPage",
        "@id": address,
        **described,
        "inLanguage": "fr",
        "datePublished": fiche.published_at.isoformat(),
        "dateModified": fiche.modified_at.isoformat() if fiche.modified_at else "",
        "license": licence,
        "isPartOf": {"@type": "WebSite", "name": "InnovGuide", "url": settings.SITE_URL + reverse("home")},
        "mainEntity": {"@id": permanent},
    }
    about = {"@id": permanent, **described, **thing}
    return {"@context": "https://schema.org", "@graph": [_filled(page), _filled(about)]}


def _filled(data):
    """Only what is known."""
    return {key: value for key, value in data.items() if value}


def _organisation(actor):
    if actor is None:
        return {}
    return {
        "@type": "Organization",
        "@id": permanent_address(actor),
        "name": actor.name,
        "url": settings.SITE_URL + actor.get_absolute_url(),
    }


def _place(site):
    point = site.point
    geo = {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]} if point else {}
    return _filled({"@type": "Place", "name": site.label, "address": _address(site.territory), "geo": geo})


def _address(territory):
    commune = territory.commune or territory
    return {"@type": "PostalAddress", "addressLocality": commune.name, "addressCountry": "FR"}


def _area(territory):
    return {"@type": "AdministrativeArea", "name": territory.name}


def _picture(photo):
    if photo is None:
        return {}
    return {
        "@type": "ImageObject",
        "contentUrl": settings.SITE_URL + photo.src,
        "caption": photo.alt,
        "creditText": photo.credit,
        "copyrightNotice": photo.licence,
    }


def _grant(line):
    amount = {"@type": "MonetaryAmount", "value": line["amount"], "currency": "EUR"} if line["amount"] else {}
    name = line["source"].name if line["source"] else ""
    return _filled({"@type": "MonetaryGrant", "name": name, "amount": amount, "funder": _organisation(line["actor"])})
