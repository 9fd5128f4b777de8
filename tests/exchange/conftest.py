from datetime import UTC, datetime

import pytest

FILES = {
    "sources/presse.toml": """
[gazette]
title = "Une épicerie tenue par ses clients"
publisher = "La gazette"
url = "https://gazette.exemple.test/epicerie"
year = 2017
[bulletin]
publisher = "Le bulletin"
url = "https://bulletin.exemple.test/"
""",
    "actors/les-cabas.toml": """
name = "Les Cabas"
kind = "entreprise-ess"
legal_form = "association"
summary = "Une association de clients."
seat = "com-13004"
[[citations]]
source = "bulletin"
[[ties]]
actor = "le-reseau"
kind = "membre"
""",
    "actors/le-reseau.toml": """
name = "Le Réseau"
kind = "reseau"
summary = "Un réseau d’épiceries."
[[citations]]
source = "bulletin"
""",
    "funding/le-coup-de-pouce.toml": """
name = "Le coup de pouce"
summary = "Une aide au démarrage."
kinds = ["subvention"]
offered_by = "le-reseau"
territories = ["dep-13"]
[[citations]]
source = "bulletin"
""",
    "initiatives/l-epicerie.toml": """
name = "L’Épicerie"
summary = "Une épicerie tenue par ses clients."
stage = "experimentation"
stage_as_of = 2017
themes = ["alimentation", "lien-social"]
[to_verify]
start_year = "Deux sources ne disent pas la même année."
[[sites]]
territory = "com-13004"
[[sites]]
territory = "com-13001"
[[participations]]
actor = "les-cabas"
role = "porteur"
lead = true
[[fundings]]
source = "le-coup-de-pouce"
amount = 5000
year = 2016
[[milestones]]
year = 2016
text = "Ouverture"
source = "gazette"
[[citations]]
source = "gazette"
supports = ["stage"]
""",
}


class Content:
    """A folder of content files that a test may change and load again."""

    def __init__(self, folder):
        self.folder = folder
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name, old, new):
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def load(self, at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC)):
        from initiatives.exchange.importers.content import load_content

        return load_content(self.folder, at=at)


@pytest.fixture
def content(db, tmp_path):
    # Not above: this file is read before Django is set up.
    from tests.factories import AudienceFactory, LabelFactory, ThemeFactory, make_places

    make_places()
    ThemeFactory(slug="alimentation")
    ThemeFactory(slug="lien-social")
    AudienceFactory(slug="tous")
    LabelFactory(code="esus")
    return Content(tmp_path)


@pytest.fixture
def some_day():
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
