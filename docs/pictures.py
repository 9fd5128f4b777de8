"""The pictures of the staff's handbook, taken anew: .venv/bin/python -m docs.pictures [name…]

Run it from the root of the project when the look of the desk changes. It needs requirements-dev.txt and Chromium, and
takes about two minutes. It serves a copy of the project with the real content, on a port and a database of its own,
does at the desk what the handbook tells, and writes static/img/manuel/*.webp. What it changes goes with the copy.
"""

import os
import re
import secrets
import subprocess
import sys
from datetime import date
from io import BytesIO
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovguide.settings")
os.environ.setdefault("DJANGO_SECRET_KEY", secrets.token_urlsafe(64))

from tests.serving import checkout, served  # noqa: E402, reads the settings

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "static" / "img" / "manuel"
CHROMIUM = "/usr/bin/chromium"
WIDTH, MOST_BYTES = 1200, 60_000
# A small box is not drawn larger than it is.
WIDTHS = {"connexion": 440}
# The window is narrower than the picture: its letters stay readable in the handbook.
WINDOW = {"width": 1080, "height": 900}
SCALE = 1.25
TEAM = {"email": "equipe@exemple.fr", "name": "Équipe", "password": secrets.token_urlsafe(16)}
# Bars that stay at the edge of the window would stand in the middle of a picture.
STILL = ".submit-row, .adm-aide-table {position: static !important}"
# Chromium draws this control in its own language, which is English here.
IN_FRENCH = """input => {
  const shown = document.createElement("span");
  shown.innerHTML = "<button type=button>Choisir un fichier</button> Aucun fichier choisi";
  input.replaceWith(shown);
}"""
PUBLISHER = {
    "INNOVGUIDE_PUBLISHER": "La Cress",
    "INNOVGUIDE_PUBLICATION_DIRECTOR": "La direction",
    "INNOVGUIDE_HOST": "L’hébergeur",
    "INNOVGUIDE_CONTACT_EMAIL": "contact@exemple.fr",
}
# One account of the team, what two people have sent, and checks as old as those of a desk that has lived: nothing else
# is made up. The fiche whose history is shown is left as it is.
LIVED_IN = """
from datetime import timedelta
from django.utils import timezone
from initiatives.models import Actor, FundingSource, Initiative, User
User.objects.create_superuser({email!r}, {password!r}, name={name!r})
today = timezone.localdate()
for noun in (Initiative, Actor, FundingSource):
    aged = noun.objects.exclude(slug="coopirate").order_by("sort_key")
    for number, key in enumerate(aged.values_list("pk", flat=True)):
        days = 30 + number * 97 % 330 if number % 9 else 380 + number * 53 % 500
        noun.objects.filter(pk=key).update(checked_on=today - timedelta(days=days))
"""


SENT_ABOUT = "recyclodrome"
SENT = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from initiatives.models import Initiative, User

from initiatives.submission.actions import asking, owners
now, team = timezone.now(), User.objects.get(email={email!r})
lea = User.objects.create_user("lea.martin@exemple.fr", name="Léa Martin")
paul = User.objects.create_user("paul.roux@exemple.fr", name="Paul Roux")
fiche = Initiative.objects.published().get(slug={slug!r})
owners.recognise(
    fiche=fiche, email=lea.email, name=lea.name, role="Coordinatrice", by=team, at=now - timedelta(days=200)
)
sender = asking.Sender.signed_in(paul)
new = {{"summary": fiche.summary.rstrip(".") + ", deux soirs par semaine.", "website": "https://exemple.fr/"}}
asking.send_change(
    uuid=uuid4(), fiche=fiche, revision=fiche.revision, comment="J’y suis bénévole depuis le printemps.",
    changes={{field: (getattr(fiche, field), said) for field, said in new.items()}},
    sender=sender, consents={{}}, at=now - timedelta(days=4),
)
other = Initiative.objects.published().exclude(pk=fiche.pk).order_by("sort_key").first()
asking.send_report(
    uuid=uuid4(), fiche=other, reason="lien", comment="Le lien vers le site ne mène plus nulle part.",
    sender=sender, consents={{}}, at=now - timedelta(days=12),
)
asking.send_claim(
    uuid=uuid4(), fiche=other, comment="J’y travaille.", sender=sender, consents={{}}, at=now - timedelta(days=1)
)
"""


class Camera:
    """The browser of somebody of the team, and where its pictures go."""

    def __init__(self, page, wanted):
        self.page, self.wanted = page, wanted

    def take(self, name, first, last=None, *, above=12, below=12, height=None):
        """The strip of the page from the top of ``first`` to the bottom of ``last``, or of so many pixels."""
        if self.wanted and name not in self.wanted:
            return
        self.page.add_style_tag(content=STILL)
        top = self._box(first)["y"] - above
        box = self._box(last or first)
        bottom = top + height if height else box["y"] + box["height"] + below
        area = self._box("#content, main")
        clip = {"x": max(0, area["x"]), "y": max(0, top), "width": area["width"], "height": bottom - max(0, top)}
        self._write(name, self.page.screenshot(full_page=True, clip=clip))

    def take_window(self, name, height):
        """The top of the page, as wide as the window."""
        if not self.wanted or name in self.wanted:
            clip = {"x": 0, "y": 0, "width": self.page.viewport_size["width"], "height": height}
            self._write(name, self.page.screenshot(full_page=True, clip=clip))

    def _box(self, selector):
        found = self.page.locator(selector) if isinstance(selector, str) else selector
        box = found.first.bounding_box()
        assert box, f"nothing to show: {selector}"
        scroll = self.page.evaluate("scrollY")
        return box | {"y": box["y"] + scroll}

    def _write(self, name, png):
        picture = Image.open(BytesIO(png)).convert("RGB")
        for width, quality in product((WIDTHS.get(name, WIDTH), 1000, 840, 720), (84, 74, 64)):
            shown, buffer = picture.copy(), BytesIO()
            shown.thumbnail((width, shown.height), Image.Resampling.LANCZOS)
            shown.save(buffer, "WEBP", quality=quality, method=6)
            if buffer.tell() <= MOST_BYTES:
                break
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.webp").write_bytes(buffer.getvalue())
        print(f"{name}.webp  {shown.width} × {shown.height}  {buffer.tell() // 1000} ko  (qualité {quality})")


def sign_in(camera):
    page = camera.page
    page.goto("/admin/")
    camera.take("connexion", "#container", height=430, above=0)
    page.get_by_label("Adresse électronique").fill(TEAM["email"])
    page.get_by_label("Mot de passe").first.fill(TEAM["password"])
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/admin/")


def open_fiche(page, words, noun="initiative"):
    """By the search of the list; returns its address."""
    page.goto(f"/admin/initiatives/{noun}/?q={words}")
    address = re.sub(r"\?.*", "", page.locator("#result_list tbody th a").first.get_attribute("href"))
    page.goto(address)
    return address


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def show_lists(camera):
    page = camera.page
    page.set_viewport_size(WINDOW | {"width": 1440})
    page.goto("/admin/initiatives/initiative/?q=coop")
    camera.take("liste", ".adm-titre", height=640)
    page.set_viewport_size(WINDOW)
    page.goto("/admin/a-traiter/a-reverifier/")
    camera.take("a-traiter", ".adm-titre", height=560)


def show_quick_entry(camera):
    """A fiche of the directory, typed as somebody who does not know that it is there."""
    page = camera.page
    page.goto("/admin/initiatives/initiative/saisie-rapide/")
    page.get_by_label("Nom de l’initiative").fill("Centrale villageoise de Lure et Albion")
    page.get_by_label("Commune").fill("Banon")
    page.get_by_label("L’initiative en deux phrases").fill(
        "Au village, ni le soleil ni les toits ne manquent. Une coopérative locale y pose des panneaux solaires."
    )
    page.get_by_label("Thème principal").select_option(label="Énergie et climat › Énergie citoyenne")
    page.get_by_label("Adresse de la source").fill("https://gazette.exemple.fr/lure-albion")
    page.get_by_label("Qui publie cette source").fill("La gazette du pays")
    press(page, "Enregistrer")
    page.get_by_text("Est-elle déjà dans l’annuaire").wait_for()
    camera.take("doublons", ".adm-titre", ".avis")


def show_fiche(camera):
    page = camera.page
    address = open_fiche(page, "coopirate")
    camera.take("fiche", ".adm-titre", ".field-whole")
    camera.take("lignes", "#sites-group", "#participations-group")
    page.locator("#photos-group summary").click()
    page.locator("#photos-group .add-row a").click()
    page.locator("#photos-0 input[type=file]").evaluate(IN_FRENCH)
    camera.take("photo", "#photos-group", "#photos-0")
    page.goto(address)
    page.locator("[name=stage_as_of]").fill(str(date.today().year - 1))
    other = page.context.new_page()
    other.goto(address)
    other.locator("[name=stage_as_of]").fill(str(date.today().year))
    other.get_by_label("Étape lue par").select_option(label="le porteur")
    other.get_by_label("Pourquoi ce changement (facultatif)").fill("Étape confirmée au téléphone")
    press(other, "Enregistrer et continuer")
    other.close()
    press(page, "Enregistrer et continuer")
    camera.take("entre-temps", ".adm-entretemps")
    page.goto(address)
    press(page, "Marquer comme vérifiée")
    page.get_by_label("Pourquoi (facultatif)").first.fill("Le magasin déménage, la fiche sera reprise")
    press(page, "Archiver")
    page.get_by_role("link", name="Aperçu").click()
    page.wait_for_load_state()
    camera.take_window("apercu", 620)
    page.goto(address.replace("/change/", "/history/"))
    camera.take("historique", ".adm-titre", height=760)


def show_moderation(camera):
    """What was sent: the queue, a change that nobody has decided yet, and who answers for its fiche."""
    page = camera.page
    page.goto("/admin/moderation/?type=change")
    change = page.locator("tbody th a").first.get_attribute("href")
    page.goto("/admin/moderation/")
    page.get_by_role("button", name="M’en charger").first.click()
    page.wait_for_load_state()
    page.goto("/admin/moderation/")
    camera.take("file", ".adm-titre", height=520)
    page.goto(change)
    camera.take("changement", ".diff", ".diff")
    address = open_fiche(page, SENT_ABOUT)
    page.goto(address.replace("/change/", "/porteurs/"))
    camera.take("porteurs", ".adm-titre", "form.saisie-rapide")


def show_merge(camera):
    """Two fiches that are alike and are not the same: compared, and left as they are."""
    page = camera.page
    open_fiche(page, "la+roue")
    page.get_by_role("link", name="Comparer et fusionner…").click()
    page.get_by_label("Nom").fill("roue")
    press(page, "Chercher")
    page.locator(".adm-liste a").first.click()
    page.wait_for_load_state()
    camera.take("fusion", ".adm-titre", height=720)


def main(wanted):
    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking"]
    with (
        TemporaryDirectory() as folder,
        checkout(Path(folder)) as environment,
        served(Path(folder), environment | PUBLISHER) as (address, _),
        sync_playwright() as playwright,
    ):
        lived_in = LIVED_IN.format(**TEAM) + SENT.format(slug=SENT_ABOUT, **TEAM)
        command = [".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", lived_in]
        subprocess.run(command, cwd=folder, env=environment | PUBLISHER, check=True)
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, *sandbox])
        context = browser.new_context(
            base_url=address,
            viewport=WINDOW,
            device_scale_factor=SCALE,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            bypass_csp=True,
        )
        context.set_default_timeout(15_000)
        camera = Camera(context.new_page(), wanted)
        sign_in(camera)
        camera.take_window("accueil", 640)
        for show in (show_lists, show_quick_entry, show_moderation, show_fiche, show_merge):
            show(camera)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
