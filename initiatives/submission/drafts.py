"""What a draft keeps: the document that is written, what was typed and cannot be saved as it is, what was promised.

In ``answers`` beside the fields of the document: ``_typed`` (step → what its form held when it was wrong) and
``_promised`` (UUIDs of the photos of which the right to publish was promised).
"""

from django.http import QueryDict

from initiatives.models import Initiative
from initiatives.submission import documents
from initiatives.submission.forms.photos import new_photo

TYPED, PROMISED = "_typed", "_promised"
MOST_KEPT = 60_000  # characters of one step: what is beyond was typed by no person


def document_of(submission) -> dict:
    """What a submission says of its initiative, every field of it."""
    own = {name: value for name, value in submission.answers.items() if not name.startswith("_")}
    return documents.blank(Initiative) | own


def document_to_correct(submission) -> dict:
    """What the fiche of a submission says today, with what waits beside it: structures described, photos just sent."""
    document, own = documents.read(submission.initiative), document_of(submission)
    for name in ("participations", "fundings"):
        document[name] = [*document[name], *(line for line in own[name] if line.get("new_actor"))]
    document["photos"] = photo_lines(submission)
    return document


def photo_lines(submission) -> list[dict]:
    """The photos of a draft, or those of its fiche with the ones that were sent since."""
    if submission.initiative is None or submission.kind != submission.Kind.NEW:
        return document_of(submission)["photos"]
    kept = documents.FIELDS[Initiative]["photos"].read(submission.initiative)
    return [*kept, *(new_photo(photo.uuid) for photo in submission.photos.all())]


def typed_in(submission, step: str) -> QueryDict | None:
    """What a step held when it was left wrong; None when it is right, or was never left."""
    kept = submission.answers.get(TYPED, {}).get(step)
    if kept is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept.items():
        data.setlist(name, values)
    return data


def to_keep(data, names_left_out) -> dict:
    """The answers of a request as a draft keeps them, without what is not an answer."""
    kept = {
        without_nul(name): [without_nul(value) for value in values]
        for name, values in data.lists()
        if name not in names_left_out
    }
    return kept if sum(len(value) for values in kept.values() for value in values) <= MOST_KEPT else {}


def without_nul(text: str) -> str:
    """What nobody types, and PostgreSQL does not hold."""
    return text.replace("\x00", "")


def promised(submission) -> list[str]:
    return submission.answers.get(PROMISED, [])


def steps_to_correct(submission) -> list[str]:
    """The steps that were left with something wrong."""
    return [*submission.answers.get(TYPED, {})]
