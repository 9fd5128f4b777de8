"""Every page of the desk, read from the site of the team: what is registered tomorrow is walked tomorrow."""

from django.urls import URLResolver, reverse

from initiatives.admin.site import site
from initiatives.directory.attention import LISTS
from initiatives.models import Actor, FundingSource, Initiative, Territory
from tests import factories
from tests.admin.pages import FACTORIES, NOUNS, admin_url, initiative_with_lines
from tests.photos import with_files
from tests.submission.deciding import NOW, deposit, described_actor, edit, participation, proposal
from tests.submission.deciding import site as site_of

ARGUMENTS = {"app_list": [["initiatives"]], "attention_list": [[slug] for slug in LISTS]}
# They show nothing, or only to those who have not signed in.
NO_PAGE = {"logout", "login", "jsi18n", "autocomplete", "view_on_site", "moderation_charge", "moderation_photo"}
# Theirs are below: they are about something that was sent, or about fiches that the address names.
OF_SOMETHING = {"moderation_item", "moderation_preview", "moderation_embedded", "invite"}


def make_rows():
    """Rows of each noun, the fullest first."""
    rows = {model: [FACTORIES[model]()] for model in NOUNS}
    factories.make_given_up("maud@exemple.test")
    full = initiative_with_lines(to_verify={"stage": "Un doute."}, name="Les Jardins")
    with_files(factories.PhotoFactory, initiative=full)
    actor = factories.ActorFactory(published=True, name="Les Jardins", coverage=[factories.TerritoryFactory()])
    factories.OfferFactory(actor=actor)
    factories.ActorTieFactory(actor=actor)
    rows[Initiative] = [full, *rows[Initiative], factories.InitiativeFactory(archived=True)]
    rows[Actor].insert(0, actor)
    rows[FundingSource].insert(0, factories.FundingSourceFactory(published=True))
    rows[Territory].insert(0, factories.make_places().crau)
    return rows


def addresses(rows):
    """The address of every page, for every row; of lists also searched, sorted, narrowed, counted and empty."""
    for pattern in site.get_urls():
        if isinstance(pattern, URLResolver):
            yield from _of_a_noun(pattern, rows)
        elif pattern.name and pattern.name not in NO_PAGE | OF_SOMETHING:
            for arguments in ARGUMENTS.get(pattern.name, [[]]):
                yield reverse(f"admin:{pattern.name}", args=arguments)
    full = rows[Initiative][0]
    other = factories.InitiativeFactory(published=True, name="Les Jardins", slug="les-jardins-d-ici")
    yield f"{admin_url(full, 'merge')}?avec={other.pk}"
    yield f"{admin_url(Actor, 'add')}?_popup=1"
    yield reverse("admin:invite", query={"nature": "initiative", "fiche": [full.pk, other.pk]})
    yield reverse("admin:moderation", query={"etat": "porteur", "miennes": "1", "territoire": "dep-13"})
    for submission in what_was_sent(full):
        for page in ("moderation_item", "moderation_preview", "moderation_embedded"):
            yield reverse(f"admin:{page}", args=[submission.pk])


def what_was_sent(fiche):
    """One submission of each kind, as full as it can be, and one that is over."""
    described = [participation(new_actor=described_actor(name="Les Jardins"))]
    here = [site_of(line.territory) for line in fiche.sites.all()]
    yield deposit(name=fiche.name, sites=here, participations=described)
    change = proposal(fiche, summary="Un autre résumé.", participations=described, coverage=["dep-13"])
    change.opinions.create(user=factories.UserFactory(), agrees=False, comment="Non.", asked_at=NOW, at=NOW)
    change.messages.create(at=NOW, text="Bonjour", field="summary")
    change.consents.create(text="charte", version="1", at=NOW)
    edit(fiche, summary="Encore un autre.")
    yield change
    for kind in ("report", "claim", "withdrawal", "recheck"):
        yield factories.SubmissionFactory(kind=kind, fiche=fiche, comment="Le site ne répond plus.")
    yield factories.SubmissionFactory(kind="change", fiche=fiche, state="accepted")


def _of_a_noun(resolver, rows):
    [model] = {model for model in NOUNS if str(resolver.pattern) == f"initiatives/{model._meta.model_name}/"}
    for pattern in resolver.url_patterns:
        if not pattern.name:
            continue
        if "object_id" in str(pattern.pattern) or "id" in pattern.pattern.converters:
            yield from (reverse(f"admin:{pattern.name}", args=[row.pk]) for row in rows[model])
        else:
            yield reverse(f"admin:{pattern.name}")
    listed = admin_url(model, "changelist")
    yield from (f"{listed}?{query}" for query in ("q=rien+de+tel", "_facets=True&o=1.-2", "all="))


def walk(client):
    """(address, answer) of each page that shows something to whoever has signed in with ``client``."""
    for address in dict.fromkeys(addresses(make_rows())):
        response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            yield address, response
