"""What a person sends with a form of the public: the guards, as the page of a minute ago printed them."""

from datetime import timedelta

from django.utils import timezone

from initiatives.submission.abuse import SHOWN_AT, TRAP, form_time


def by_a_person(answers, at=None):
    """``answers`` as a browser sends them with a ``Guarded`` form that was shown a minute before ``at``."""
    shown = (at or timezone.now()) - timedelta(minutes=1)
    return {SHOWN_AT: form_time(shown), TRAP: "", **answers}
