"""The texts that people accept with what they send, and in which version."""

from datetime import datetime

from initiatives.directory.editorial import words_of
from initiatives.models import Consent, Submission

Text = Consent.Text
LICENCE_VERSION = "2.0"
# The texts that a page says in full: the version is that of its words.
PAGES = {Text.CHARTER: "charte", Text.PRIVACY: "donnees-personnelles"}


def versions_of(request, texts) -> dict[str, str]:
    """Text → its version of today: that of the licence, else that of the words of the page that says it."""
    found = {}
    for text in texts:
        if text in PAGES:
            (words,) = words_of(request, PAGES[text])
            found[text] = words.fingerprint[:16]
        else:
            found[text] = LICENCE_VERSION
    return found


def keep_consents(submission: Submission, consents: dict[str, str], *, at: datetime) -> None:
    """Keep that each of these texts was accepted (or, for the information on personal data, shown), and when."""
    for text, version in consents.items():
        Consent.objects.get_or_create(submission=submission, text=text, version=version, defaults={"at": at})
