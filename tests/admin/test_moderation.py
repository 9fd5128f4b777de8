"""The moderation queue: what waits, since when, who looks after it; and its first place in the desk."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Initiative, ModerationRules, Submission
from initiatives.submission.daily import DAILY
from initiatives.submission.digest import send_digest
from tests.admin.pages import allow, messages, published
from tests.factories import SubmissionFactory, TerritoryFactory, ThemeFactory, UserFactory
from tests.submission.deciding import deposit

pytestmark = pytest.mark.django_db
QUEUE = "/admin/moderation/"


def sent(days=0, **values):
    """What somebody sent so many days ago, about a published initiative unless told otherwise."""
    values = {"kind": "report", "fiche": None} | values
    fiche = values.pop("fiche") or published(Initiative)
    return SubmissionFactory(fiche=fiche, waiting_since=timezone.now() - timedelta(days=days), **values)


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def rows(response):
    """The names in the queue, in their order."""
    return [link.get_text() for link in soup(response).select(".adm-table tbody th a")]


def plain(text):
    return " ".join(text.split())


def test_what_waits_is_listed_the_oldest_first_with_its_count_and_the_delay(team):
    newer, oldest = sent(2), sent(9)
    sent(30, state="changes_requested")
    sent(30, state="accepted")
    SubmissionFactory(state="draft", kind="new")

    page = team.get(QUEUE)

    assert rows(page) == [str(oldest.fiche), str(newer.fiche)]
    said = plain(soup(page).select_one(".adm-titre p").get_text())
    assert said == "2 demandes, la plus ancienne attend depuis 9 jours. Délai annoncé : 10 jours."


@pytest.mark.parametrize(("days", "word"), [(7, ""), (8, "délai proche"), (10, "délai proche"), (11, "délai dépassé")])
def test_what_is_close_to_the_delay_or_past_it_is_marked_in_words(team, days, word):
    sent(days)

    cell = soup(team.get(QUEUE)).select_one(".adm-table tbody td")

    found = cell.select_one(".discret")
    assert (found.get_text() if found else "") == word
    assert ("alerte" in cell.select_one(".statut")["class"]) == bool(word)


def test_the_delay_is_a_setting(team):
    ModerationRules.objects.create(pk=1, answer_days=30)
    sent(11)

    page = team.get(QUEUE)

    assert "Délai annoncé : 30 jours" in plain(soup(page).select_one(".adm-titre p").get_text())
    assert "dépassé" not in page.text


def test_filters_narrow_by_kind_territory_theme_and_person(team, places):
    theme = ThemeFactory()
    here = sent(5, fiche=published(Initiative, sites=[places.arles], themes=[theme]), kind="claim")
    there = sent(4, fiche=published(Initiative, sites=[places.avignon]))
    mine = sent(3, fiche=published(Initiative, sites=[places.avignon]), assignee=UserFactory(is_staff=True))
    back = sent(2, state="changes_requested")
    me = team.get(QUEUE).wsgi_request.user
    Submission.objects.filter(pk=mine.pk).update(assignee=me)

    assert rows(team.get(QUEUE, {"type": "claim"})) == [str(here.fiche)]
    assert rows(team.get(QUEUE, {"territoire": "dep-13"})) == [str(here.fiche)]
    assert rows(team.get(QUEUE, {"territoire": "dep-84"})) == [str(there.fiche), str(mine.fiche)]
    assert rows(team.get(QUEUE, {"theme": theme.slug})) == [str(here.fiche)]
    assert rows(team.get(QUEUE, {"miennes": "1"})) == [str(mine.fiche)]
    assert rows(team.get(QUEUE, {"etat": "porteur"})) == [str(back.fiche)]
    odd = {"type": "x", "territoire": "nulle-part", "theme": "rien", "etat": "x", "page": "x"}
    assert len(rows(team.get(QUEUE, odd))) == 3


def test_an_empty_queue_says_so(team):
    assert "tout est traité" in team.get(QUEUE).text
    sent()
    assert "Voir toute la file" in team.get(QUEUE, {"type": "claim"}).text


def test_it_asks_the_database_as_many_questions_whatever_its_length(team):
    def grow(count):
        for number in range(count):
            fiche = published(Initiative, sites=[TerritoryFactory(), TerritoryFactory()])
            sent(number % 9, fiche=fiche, assignee=UserFactory(is_staff=True) if number % 2 else None)

    def questions():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert team.get(QUEUE).status_code == 200
        return len(queries)

    grow(3)
    team.get(QUEUE)
    few = questions()
    grow(40)

    assert questions() == few


def test_more_than_a_page_is_cut_in_pages(team):
    fiche = published(Initiative)
    for number in range(55):
        sent(number % 5, fiche=fiche)

    assert len(rows(team.get(QUEUE))) == 50
    assert len(rows(team.get(QUEUE, {"page": 2, "type": "report"}))) == 5


def test_one_takes_charge_from_the_queue_and_colleagues_read_their_initials(team, client):
    submission = sent()
    address = reverse("admin:moderation_charge", args=[submission.pk])

    assert team.post(address, {"vers": "file"}).url == QUEUE
    me = team.get(QUEUE).wsgi_request.user
    assert Submission.objects.get().assignee == me
    assert soup(team.get(QUEUE)).select_one("tr.choisie")

    me.name = "Claire Roux-Martin"
    me.save()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert "C. R. M." in plain(soup(client.get(QUEUE)).select(".adm-table tbody td")[-1].get_text())
    refused = client.post(address, {"vers": "file"}, follow=True)
    assert messages(refused) == ["Claire Roux-Martin s’en charge déjà."]


def test_what_nobody_has_sent_yet_is_nobodys_business(team):
    for state in ("draft", "unconfirmed"):
        submission = SubmissionFactory(state=state, kind="new")
        assert team.get(reverse("admin:moderation_item", args=[submission.pk])).status_code == 404
        assert team.post(reverse("admin:moderation_charge", args=[submission.pk])).status_code == 404


def test_the_queue_is_the_first_thing_to_do_for_those_who_moderate_only(team, client):
    sent(3)

    entry = soup(team.get("/admin/")).select_one(".adm-cote li a")
    assert (entry["href"], plain(entry.get_text())) == (QUEUE, "Modération 1")

    reader = UserFactory(is_staff=True)
    allow(reader, "view_initiative")
    client.force_login(reader)
    assert QUEUE not in client.get("/admin/").text
    assert client.get(QUEUE).status_code == 403


def test_the_front_page_warns_of_what_waits_for_longer_than_announced(team):
    sent(10)
    assert "Délai dépassé" not in team.get("/admin/").text

    sent(11)
    warning = soup(team.get("/admin/")).select_one(".adm-alarme p")
    assert plain(warning.get_text()).startswith("1 demande attend depuis plus longtemps que les 10 jours")


def test_a_fiche_whose_holders_are_silent_is_to_be_checked_again(team):
    fiche = published(Initiative, checked_on=timezone.localdate())
    address = reverse("admin:attention_list", args=["a-reverifier"])
    assert str(fiche) not in team.get(address).text

    sent(kind="recheck", fiche=fiche)

    assert str(fiche) in team.get(address).text


# The daily letter


def moderator(**values):
    user = UserFactory(is_staff=True, **values)
    allow(user, "moderate")
    return user


def digest():
    now = timezone.now()
    send_digest(today=timezone.localdate(now), at=now)


def test_the_daily_letter_goes_to_those_who_moderate_and_tells_what_is_late(queued_mails):
    sent(12)
    sent(1, kind="claim")
    person = moderator()
    UserFactory(is_staff=True)
    moderator(is_active=False)

    digest()

    [mail] = queued_mails
    assert mail.to == [person.email]
    assert mail.subject == "Modération\N{NO-BREAK SPACE}: 2 demandes en attente"
    said = plain(mail.message)
    assert "La plus ancienne attend depuis 12 jours" in said
    assert "1 attend depuis plus longtemps que les 10 jours annoncés" in said
    assert "- Signalement : 1" in said
    assert QUEUE in mail.message


def test_the_daily_letter_goes_to_whoever_may_moderate_however_they_may_and_once(queued_mails):
    sent(1)
    group = Group.objects.create(name="Modération")
    group.permissions.set(Permission.objects.filter(codename="moderate"))
    by_group, by_all, by_both = (UserFactory(is_staff=True, is_superuser=every) for every in (False, True, True))
    by_group.groups.add(group)
    by_both.groups.add(group)
    UserFactory(is_superuser=True)
    UserFactory(is_staff=True, is_superuser=True, is_active=False)

    digest()

    assert sorted(mail.to for mail in queued_mails) == sorted([[by_group.email], [by_all.email], [by_both.email]])


def test_nothing_is_sent_when_nothing_waits_or_when_the_rules_say_so(queued_mails):
    moderator()
    digest()
    sent()
    ModerationRules.objects.create(pk=1, sends_digest=False)
    digest()

    assert len(queued_mails) == 0


def test_it_is_one_of_the_daily_tasks():
    assert send_digest in DAILY


def test_a_deposit_enters_the_queue_with_its_place_and_its_completeness(team):
    submission = deposit()

    cells = [plain(cell.get_text()) for cell in soup(team.get(QUEUE)).select(".adm-table tbody td")]

    fiche = submission.initiative
    assert cells[1:4] == ["Nouvelle fiche", fiche.sites.get().territory.name, f"{fiche.completeness} / 12"]
