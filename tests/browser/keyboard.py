"""Somebody who has no mouse: they tab to a control that they know by its name, see where they are, and type.

The mouse has no place here: a control that the keyboard does not reach, or that does not show that it was reached,
fails the test.
"""

import re

import pytest
from playwright.sync_api import expect

from initiatives.text import fold
from tests.factories import UserFactory

MOST_STOPS = 400
PASSWORD = "un-mot-de-passe-bien-long"

# A line around what the keyboard has reached, on the screen and under nothing else; once the page has scrolled there.
SHOWS = """async element => {
  const fault = () => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return "no line around it";
    if (box.width < 2 || box.height < 2) return "too small to be seen";
    if (!top) return "out of the screen";
    return element.contains(top) || top.contains(element) ? "" : `under ${top.outerHTML.slice(0, 120)}`;
  };
  for (let frame = 0; frame < 60 && fault(); frame++) await new Promise(requestAnimationFrame);
  return fault();
}"""


def member(name, group=None):
    """Somebody of the team, of a group of ``create_staff_groups``; of none, they may do everything."""
    email = f"{fold(name.split()[0])}@exemple.test"
    person = UserFactory(email=email, name=name, is_staff=True, is_superuser=group is None)
    person.set_password(PASSWORD)
    person.save()
    if group:
        person.groups.set([group])
    return person


def sign_in(open_page, person, path="/admin/"):
    """The keyboard of this person, once they have signed in to read ``path``, in a window of their own."""
    desk = Keyboard(open_page(path, reduced_motion="reduce"))
    desk.sign_in(person)
    return desk


def page_of(row, name="change"):
    """Address of a page of this row at the desk."""
    return f"/admin/initiatives/{row._meta.model_name}/{row.pk}/{name}/"


class Keyboard:
    def __init__(self, page):
        self.page = page
        # As long as somebody listens, the browser keeps its own window of files closed: told only when the key is
        # pressed, a busy page may hear of the key first.
        page.on("filechooser", lambda chooser: None)

    def sign_in(self, person):
        expect(self.page.get_by_label("Adresse électronique")).to_be_focused()
        self.page.keyboard.type(person.email)
        self.fill("Mot de passe", PASSWORD)
        self.enter()
        expect(self.page.get_by_role("button", name="Se déconnecter")).to_be_visible()

    def reach(self, control, *, back=False):
        """Tab to ``control`` (a locator), or back to it."""
        target = control.element_handle()
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        else:
            pytest.fail(f"The keyboard never reaches {control}.")
        if fault := target.evaluate(SHOWS):
            pytest.fail(f"The keyboard reaches {control}, which does not show: {fault}.")

    def press(self, name, *, within=None, back=False):
        """Press a button that changes the page where it is."""
        self.reach(self._called("button", name, within), back=back)
        self.page.keyboard.press("Enter")

    def enter(self):
        """Press Enter, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, name, *, role="link", within=None, back=False):
        """Press what leads to another page."""
        self.reach(self._called(role, name, within), back=back)
        self.enter()

    def send(self, name, *, within=None, back=False):
        """Press a button that sends a form."""
        self.follow(name, role="button", within=within, back=back)

    def tick(self, name, *, role="checkbox", within=None, back=False):
        box = self._called(role, name, within)
        self.reach(box, back=back)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def fill(self, label, text, *, within=None, back=False):
        """Type in the place of what a field holds."""
        field = self._labelled(label, within)
        self.reach(field, back=back)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Backspace")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def choose(self, label, option, *, within=None, back=False):
        """Go down a list to an option."""
        choice = self._called("combobox", label, within)
        self.reach(choice, back=back)
        options = choice.locator("option").all_inner_texts()
        assert option in options
        self.page.keyboard.press("Home")
        for _ in range(options.index(option)):
            self.page.keyboard.press("ArrowDown")
        expect(choice.locator("option:checked")).to_have_text(option)

    def mark(self, name, *, within=None):
        """Choose one of several round buttons: the keyboard stops at one of them, arrows lead to the others."""
        radio = self._called("radio", name, within)
        group = self.page.locator(f'input[name="{radio.get_attribute("name")}"]')
        checked = group.and_(self.page.locator(":checked"))
        self.reach(checked if checked.count() else group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count() - 1):
            if not radio.is_checked():
                self.page.keyboard.press("ArrowDown")
        expect(radio).to_be_checked()

    def pick(self, label, words, named, *, within=None, back=False):
        """Type words in a list that completes them, and take what is called ``named``."""
        box = self._called("combobox", label, within)
        self.reach(box, back=back)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".select2-dropdown").get_by_role("searchbox")).to_be_focused()
        self.page.keyboard.type(words)
        option = self.page.get_by_role("option", name=named)
        expect(option).to_have_class(re.compile("highlighted"))
        self.page.keyboard.press("Enter")
        expect(box).to_contain_text(named)
        expect(box).to_be_focused()

    def give(self, label, file, *, within=None, back=False):
        """Choose a file: {name, mimeType, buffer}."""
        self.reach(self._labelled(label, within), back=back)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(file)

    def open(self, title, *, back=False):
        """Unfold a part of the page."""
        part = self.page.locator("details", has=self.page.get_by_role("heading", name=title))
        self.reach(part.locator("summary"), back=back)
        self.page.keyboard.press("Enter")
        expect(part).to_have_attribute("open", "")

    def add_line(self, group):
        """One line more in a group of lines; the keyboard is then in it."""
        lines = self.page.locator(".inline-group", has=self.page.get_by_role("heading", name=group))
        self.press("Ajouter", within=lines)
        line = lines.locator(":is(tr.form-row, .inline-related:not(.tabular)):not(.empty-form)").last
        expect(line.locator(":focus")).to_have_count(1)
        return line

    def save(self):
        """Press the button below the form, not the one above."""
        self.send("Enregistrer et continuer", within=self.page.locator(".submit-row").last)

    def _called(self, role, name, within):
        return (within or self.page).get_by_role(role, name=_first_words(name))

    def _labelled(self, label, within):
        return (within or self.page).get_by_label(_first_words(label)).locator("visible=true")


def _first_words(name):
    return re.compile(rf"^\s*{re.escape(name)}") if isinstance(name, str) else name
