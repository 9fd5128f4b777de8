"""What the page of one submission shows: what is said, what it may be, who was asked, what happened."""

from django.urls import reverse

from initiatives.admin.moderation import delay_of_today, place_of
from initiatives.admin.moderation_diff import decided_diffs, diffs_of
from initiatives.admin.moderation_form import DECISIONS
from initiatives.admin.moderation_preview import has_preview
from initiatives.directory.completeness import RULES
from initiatives.directory.duplicates import duplicates_of
from initiatives.models import Initiative, Ownership, Submission
from initiatives.models.photo import widths_of
from initiatives.submission import checklist, documents, queue, replies
from initiatives.submission.changes import read_since
from initiatives.submission.forms.report import Reason

Kind = Submission.Kind


def shown(page) -> dict:
    submission, fiche, user = page.submission, page.fiche, page.request.user
    delay = delay_of_today()
    called = replies.called(submission)
    is_over = submission.is_ended
    fields = [field | {"question": page.form[f"q-{field['name']}"]} for field in page.fields]
    return {
        "title": f"{called}, {submission.get_kind_display().lower()}",
        "submission": submission,
        "called": called,
        "fiche": fiche,
        "place": place_of(fiche),
        "reported": dict(Reason.choices).get(submission.answers.get("reason"), "")
        if submission.kind == Kind.REPORT
        else "",
        "rules": fiche and len(RULES[type(fiche)]),
        "delay": delay,
        "days": delay.waited(submission) if submission.waiting_since else 0,
        "form": page.form,
        "fields": [field for field in fields if field["words"]],
        "empty": [field for field in fields if not field["words"]],
        "diffs": _diffs(page),
        "has_moved": bool(page.changes) and not is_over and fiche.revision > submission.base_revision,
        "since": _since(page),
        "described": [
            (actor, likely, page.form[f"a-{number}"]) for number, (actor, likely) in enumerate(page.described)
        ],
        "checks": checklist.checks_for(submission.kind),
        "ticked": set(page.form["checks"].value() or ()),
        "decisions": [] if is_over else [*DECISIONS[submission.kind].items()],
        "duplicates": _duplicates(page),
        "owners": _owners(page),
        "opinions": list(submission.opinions.select_related("user")),
        "consents": list(submission.consents.all()),
        "photos": _photos(page),
        "events": list(submission.events.select_related("by")),
        "letters": _letters(page),
        "links": _links(page),
        "has_preview": has_preview(submission),
        "taken_by": submission.assignee and queue.initials(submission.assignee),
        "is_mine": submission.assignee == user,
        "refusal": page.refusal,
        "meanwhile": page.meanwhile,
        "may_change": fiche is not None and user.has_perm(f"initiatives.change_{fiche._meta.model_name}"),
    }


def _diffs(page):
    if not page.changes:
        return []
    if page.submission.is_ended:
        return [(diff, None, None) for diff in decided_diffs(page.submission, page.changes)]
    return [
        (diff, page.form[f"d-{diff.change.field}"], page.form[f"q-{diff.change.field}"])
        for diff in diffs_of(page.submission, page.changes)
    ]


def _since(page):
    """The acts on the fiche since the proposal was begun."""
    if not page.changes or page.submission.is_ended:
        return []
    return read_since(page.fiche, page.submission.base_revision)[1]


def _photos(page):
    """Those that came with it: still apart, or in the fiche that waits already."""
    submission = page.submission
    sent = [
        {"src": _address_of_photo(submission, photo), "photo": photo, "alt": ""} for photo in submission.photos.all()
    ]
    if submission.kind != Kind.NEW or page.fiche is None:
        return sent
    return sent + [{"src": photo.src, "photo": photo, "alt": photo.alt} for photo in page.fiche.photos.all()]


def _address_of_photo(submission, photo):
    """The middle width, or the widest below it."""
    return reverse("admin:moderation_photo", args=[submission.pk, photo.uuid, widths_of(photo.width)[:2][-1]])


def _duplicates(page):
    """What the fiche may be. One that is not public yet may complete the other; two that were are merged."""
    if page.submission.is_ended or page.fiche is None or page.fiche.status == "merged":
        return []
    return [
        {
            "likeness": likeness,
            "url": _page_of(likeness.fiche, "change"),
            "may_complete": page.submission.kind == Kind.NEW and likeness.fiche.is_published,
            "merge_url": _merge_url(page, likeness.fiche),
        }
        for likeness in duplicates_of(page.fiche)
    ]


def _merge_url(page, other):
    """The page that merges two fiches that readers have known; "" for others, and for those who may not."""
    may_merge = page.request.user.has_perm(f"initiatives.publish_{other._meta.model_name}")
    if not may_merge or not page.fiche.published_at or not other.published_at:
        return ""
    return f"{_page_of(page.fiche, 'merge')}?avec={other.pk}"


def _owners(page):
    if page.fiche is None:
        return []
    return list(Ownership.objects.about(page.fiche).current().select_related("user"))


def _letters(page):
    """The messages, each with the name of its field."""
    model = type(page.fiche) if page.fiche else Initiative
    rows = page.submission.messages.select_related("by")
    return [(row, documents.label(model, row.field) if row.field else "") for row in rows]


def _links(page):
    """Addresses of the pages of the fiche, "" for those that do not exist."""
    fiche = page.fiche
    if fiche is None:
        return {"page": "", "public": "", "preview": "", "history": "", "invite": ""}
    is_public = fiche.is_published
    asked = {"nature": fiche._meta.model_name, "fiche": fiche.pk}
    return {
        "page": _page_of(fiche, "change"),
        "public": fiche.get_absolute_url() if is_public else "",
        "preview": _preview(page, is_public),
        "history": _page_of(fiche, "history"),
        "invite": reverse("admin:invite", query=asked) if is_public else "",
    }


def _preview(page, is_public):
    """Where a fiche that nobody reads yet is seen as it will look, when this page does not show it already."""
    if has_preview(page.submission):
        return ""
    return "" if is_public or page.fiche.status in ("archived", "merged") else _page_of(page.fiche, "preview")


def _page_of(fiche, page):
    return reverse(f"admin:initiatives_{fiche._meta.model_name}_{page}", args=[fiche.pk])
