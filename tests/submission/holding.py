"""Léa, a holder before their own pages. The fixtures ``lea`` and ``as_lea`` are in ``conftest.py``."""

from bs4 import BeautifulSoup

PAGE = "/mes-fiches/"
ADDRESS = "lea.martin@exemple.test"


def words(response):
    return BeautifulSoup(response.content, "html.parser").main.get_text(" ", strip=True)
