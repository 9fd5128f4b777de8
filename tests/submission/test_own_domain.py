import pytest

from initiatives.submission.own_domain import is_own_address, own_host

OWN = [
    ("lea@coopirate.fr", "https://coopirate.fr/"),
    ("lea@coopirate.fr", "https://www.coopirate.fr/accueil?x=1"),
    ("LEA@Coopirate.FR", "http://WWW.COOPIRATE.fr"),
    ("lea@coopirate.fr", "https://coopirate.fr:8443/"),
    ("lea@coopirate.fr", "https://boutique.coopirate.fr/"),
    ("lea@coopirate.fr", "https://blog.coopirate.fr/2024/"),
    ("lea@forcalquier.biocoop.net", "https://forcalquier.biocoop.net/"),
    ("lea@associée.fr", "https://xn--associe-gya.fr/"),
    ("lea@xn--associe-gya.fr", "https://associée.fr/"),
    ("lea@recyclodrome.asso.fr", "https://www.recyclodrome.asso.fr/"),
    ("lea@maison.eu.org", "https://maison.eu.org/"),
    ("lea@fse.gouv.fr", "https://fse.gouv.fr/"),
    ("lea@charity.org.uk", "https://www.charity.org.uk/"),
    ("lea@coopirate.fr.", "https://coopirate.fr/"),
]
NOT_OWN = [
    # Somebody else.
    ("lea@autre.fr", "https://coopirate.fr/"),
    ("lea@notcoopirate.fr", "https://coopirate.fr/"),
    ("lea@coopirate.fr.autre.com", "https://coopirate.fr/"),
    ("lea@coopirate.com", "https://coopirate.fr/"),
    ("lea@coopirate.fr", "https://autre.fr/coopirate.fr/"),
    ("lea@coopirate.fr", "https://autre.fr/?site=coopirate.fr"),
    ("lea@coopirate.fr", "https://coopirate.fr@autre.fr/"),
    # Below it: a name that the house may have lent.
    ("lea@etudiants.ecole.fr", "https://ecole.fr/"),
    # Above it: a larger house, that lends names to others.
    ("lea@biocoop.net", "https://forcalquier.biocoop.net/"),
    ("lea@veolia.com", "https://www.fondation.veolia.com/"),
    ("lea@veolia.com", "https://fondation.veolia.com/"),
    # Where anybody has an address.
    *(
        (f"lea@{host}", f"https://{host}/")
        for host in ("gmail.com", "orange.fr", "laposte.net", "wanadoo.fr", "free.fr")
    ),
    *(
        (f"lea@{host}", f"https://{host}/")
        for host in ("hotmail.fr", "outlook.com", "yahoo.fr", "icloud.com", "proton.me")
    ),
    ("lea@orange.fr", "https://boutique.orange.fr/"),
    # Where anybody has pages.
    ("lea@wordpress.com", "https://recyclodrome.wordpress.com/"),
    ("lea@recyclodrome.wordpress.com", "https://recyclodrome.wordpress.com/"),
    ("lea@facebook.com", "https://www.facebook.com/recyclodrome"),
    ("lea@helloasso.com", "https://www.helloasso.com/associations/recyclodrome"),
    ("lea@sites.google.com", "https://sites.google.com/view/recyclodrome"),
    ("lea@recyclodrome.free.fr", "http://recyclodrome.free.fr/"),
    ("lea@recyclodrome.over-blog.com", "http://recyclodrome.over-blog.com/"),
    ("lea@wixsite.com", "https://recyclodrome.wixsite.com/site"),
    # Where names are sold, or given, to anybody.
    ("lea@asso.fr", "https://recyclodrome.asso.fr/"),
    ("lea@asso.fr", "https://site.asso.fr/"),
    ("lea@gouv.fr", "https://fse.gouv.fr/"),
    ("lea@gouv.fr", "https://www.gouv.fr/"),
    ("lea@org.uk", "https://blog.org.uk/"),
    ("lea@co.uk", "https://shop.co.uk/"),
    ("lea@fr", "https://blog.fr/"),
    ("lea@eu.org", "https://blog.eu.org/"),
    ("lea@127.0.0.1", "http://127.0.0.1/"),
    # Nothing to compare.
    ("lea@coopirate.fr", ""),
    ("lea@coopirate.fr", "coopirate.fr"),
    ("lea@coopirate.fr", "https://["),
    ("lea@", "https://coopirate.fr/"),
    ("", ""),
]


@pytest.mark.parametrize(("email", "website"), OWN, ids=lambda text: text)
def test_an_address_on_the_own_domain_of_the_organisation_is_recognised(email, website):
    assert is_own_address(email, [website])


@pytest.mark.parametrize(("email", "website"), NOT_OWN, ids=lambda text: text)
def test_any_other_address_waits_for_the_team(email, website):
    assert not is_own_address(email, [website])


def test_one_of_several_websites_is_enough_and_none_is_never():
    assert is_own_address("lea@coopirate.fr", ["", "https://autre.fr/", "https://coopirate.fr/"])
    assert not is_own_address("lea@coopirate.fr", [])


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.coopirate.fr/x", "coopirate.fr"),
        ("https://x.wordpress.com/", ""),
        ("https://facebook.com/x", ""),
        ("", ""),
    ],
)
def test_the_domain_that_is_told_to_people_is_one_that_is_recognised(website, host):
    assert own_host(website) == host
