"""Whether an address of mail is on the own domain of an organisation, which nobody else could have given it.

Saying no costs a little time: the team looks at the claim. Saying yes to a stranger gives a fiche away. So it is yes
only for the very host of the website, or for the domain above it when what it adds names a page of the same house.
"""

from urllib.parse import urlsplit

from initiatives.directory.duplicates import LENDING_HOSTS, SHARED_HOSTS

# Where anybody gets an address: webmail, Internet providers, throw-away addresses.
MAIL_HOSTS = """
9online.fr aliceadsl.fr alumni.fr aol.com aol.fr bbox.fr caramail.com caramail.fr cegetel.net club-internet.fr
dartybox.com dbmail.com disroot.org ecomail.fr email.com fastmail.com fastmail.fm free.fr freesbee.fr gmail.com gmx.com
gmx.de gmx.fr gmx.net googlemail.com guerrillamail.com hey.com hotmail.be hotmail.ch hotmail.com hotmail.fr icloud.com
inbox.com infonie.fr jmail.com laposte.net lavabit.com libertysurf.fr live.be live.com live.fr lycos.fr mac.com mail.com
mail.ru mailfence.com mailinator.com mailo.com mailo.fr mailoo.org me.com modulonet.fr msn.com my.com neuf.fr
net-c.com net-c.fr netcourrier.com noos.fr no-log.org nordnet.fr numericable.com numericable.fr orange.com orange.fr
outlook.com outlook.fr pm.me posteo.de posteo.net proton.me protonmail.ch protonmail.com rediffmail.com riseup.net
rocketmail.com sfr.fr sfr.net skynet.be systemli.org tele2.fr tiscali.fr tuta.com tuta.io tutamail.com tutanota.com
tutanota.de videotron.ca voila.fr wanadoo.fr windowslive.com worldonline.fr yahoo.ca yahoo.co.uk yahoo.com yahoo.fr
yandex.com yandex.ru ymail.com yopmail.com yopmail.fr zaclys.net zaclys.com zoho.com zohomail.eu
"""
# Hosts that lend pages or names, beside those that the search for duplicates knows.
PAGE_HOSTS = """
airtable.com asso-web.com blog4ever.com blogspot.fr carrd.co centerblog.net chez.com eklablog.com frama.site
framer.website framer.ai ghost.io gitlab.io gogocarto.fr herokuapp.com hypotheses.org jimdo.com lautre.net
monsite-orange.fr mystrikingly.com myshopify.com netlify.app notion.so odoo.com onrender.com openagenda.com
ovh.net ouvaton.org
pages.dev pagesjaunes.fr portfoliobox.net site123.me sitew.com sitew.fr skyrock.com squarespace.com strikingly.com
substack.com tumblr.com typepad.com typepad.fr vercel.app web.app webflow.io wifeo.com wix.com
wixstudio.io wordpress.org yolasite.com
"""
SHARED = frozenset(f"{MAIL_HOSTS} {PAGE_HOSTS} {SHARED_HOSTS} {LENDING_HOSTS}".split())

# Below which names are sold to anybody, besides the top level: « mairie.asso.fr », « maison.org.uk ».
SUFFIXES = """
aeroport.fr asso.fr asso.re avocat.fr avoues.fr cci.fr chambagri.fr chirurgiens-dentistes.fr com.fr com.re
experts-comptables.fr eu.org fr.cr fr.eu.org fr.fo fr.nf fr.st geometre-expert.fr gouv.fr greta.fr
huissier-justice.fr medecin.fr nom.fr nom.re notaires.fr pharmacien.fr port.fr prd.fr presse.fr tm.fr veterinaire.fr
"""
COUNTRY_SUFFIXES = "ac asso co com edu gob gouv gov gv ltd mil net nom or org plc sch"
# What a house puts before its own name for one of its pages.
OWN_PAGES = """
accueil adherer app asso association blog boutique contact dons en espace-adherents extranet forum fr info infos
intranet m mobile portail projet projets shop site web www2 ww
"""


def is_own_address(email: str, websites) -> bool:
    """Whether the address is on the domain of one of these websites (addresses of pages, empty ones included)."""
    domain = _ascii(email.rpartition("@")[2])
    return bool(domain) and not _is_shared(domain) and any(_owns(domain, _host(website)) for website in websites)


def own_host(website: str) -> str:
    """The host of a website, when an address there is recognised at once; else ""."""
    host = _host(website)
    return "" if not host or _is_shared(host) else host


def _owns(domain, host):
    if not host or _is_shared(host):
        return False
    if domain == host:
        return True
    page, _, above = host.partition(".")
    return domain == above and page in OWN_PAGES.split()


def _is_shared(host):
    """Whether several people who do not know each other have addresses or pages there."""
    labels = host.split(".")
    above = {".".join(labels[at:]) for at in range(len(labels))}
    return len(labels) < 2 or _is_suffix(labels) or bool(above & SHARED)


def _is_suffix(labels):
    is_country_wide = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in COUNTRY_SUFFIXES.split()
    return ".".join(labels) in SUFFIXES.split() or is_country_wide or all(label.isdigit() for label in labels)


def _host(website):
    """The host of a page, without its « www »; "" when there is none."""
    try:
        host = urlsplit(website.strip()).hostname or ""
    except ValueError:
        return ""
    return _ascii(host.removeprefix("www."))


def _ascii(host):
    """As machines compare it: « associé.fr » and « xn--associ-gva.fr » are one; "" when it is no host."""
    try:
        return host.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return ""
