"""The texts that people accept when they send something, and in which version."""

from datetime import datetime

from initiatives.models import Consent, Submission

Text = Consent.Text
# To change with the words that the forms show.
VERSIONS = {
    Text.LICENCE: "Licence Ouverte 2.0",
    Text.PRIVACY: "novembre 2026",
    Text.PHOTOS: "novembre 2026",
    Text.PRINT: "novembre 2026",
}


def keep_consents(submission: Submission, texts, *, at: datetime) -> None:
    """Keep that each of these texts was accepted (or, for the information on personal data, shown), and when."""
    for text in texts:
        Consent.objects.get_or_create(submission=submission, text=text, version=VERSIONS[text], defaults={"at": at})
