"""The threshold of the deposit, and its first step: from there on, a draft is kept."""

from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from initiatives.directory.cards import dress
from initiatives.directory.counts import list_url
from initiatives.directory.duplicates import likely_duplicates
from initiatives.models import Initiative, ModerationRules, Submission
from initiatives.models.vocabulary import Stage
from initiatives.submission import documents, tokens
from initiatives.submission.abuse import SHOWN_AT, TRAP, refuse_if_too_many
from initiatives.submission.actions.deposits import start_completion, start_draft
from initiatives.submission.drafts import to_keep, without_nul
from initiatives.submission.forms import STEPS, AddressForm, EssentialForm

FIRST = STEPS[0]
NOT_ANSWERS = {"csrfmiddlewaretoken", SHOWN_AT, TRAP, "faire", "meme", "autre"}
KEPT = "depot"  # in the session: what was typed by who went back to the doors
MOST_KEPT = 10_000  # characters: many times what a person types there


def deposit(request):
    published = Initiative.objects.published()
    context = {
        "rules": ModerationRules.current(),
        "initiatives_count": published.count(),
        "starting_count": published.filter(stage=Stage.EMERGENCE).count(),
        "starting_url": list_url(etape=Stage.EMERGENCE),
    }
    return render(request, "deposit/deposit.html", context)


@never_cache
def deposit_new(request):
    """The first step. Nothing is kept before its answers are right, and known not to be a fiche that is there."""
    at, document = timezone.now(), documents.blank(Initiative)
    if request.method != "POST":
        return _first_page(request, *_first_forms(request, document, at))
    form, address = EssentialForm(document, request.POST), AddressForm(request.POST, now=at)
    if request.POST.get("faire") == "retour":
        typed = to_keep(request.POST, NOT_ANSWERS)
        if len(str(typed)) <= MOST_KEPT:
            request.session[KEPT] = typed
        return redirect("deposit")
    apart = _told_apart(request.POST)
    if "meme" in request.POST:
        return _complete(request, form, address, at)
    is_right = all([form.is_valid(), address.is_valid()])
    if not is_right and "autre" in request.POST:
        # A fiche is told apart before the rest is finished: nobody has said that it was.
        form.forget_errors()
        address._errors.clear()
        return _first_page(request, form, address, apart=apart)
    found = _likely(form, apart)
    if not is_right or found:
        return _first_page(request, form, address, apart=apart, found=found, asks=is_right)
    email = address.cleaned_data["email"]
    if blocked := refuse_if_too_many(request, "deposit", at=at, email=email):
        return blocked.again(request, "deposit/new.html", _context(request, form, address, apart) | {"form": form})
    draft = start_draft(
        document=form.write_on(document),
        email=email,
        door=_door(request),
        distinct=apart,
        user=request.user if request.user.is_authenticated else None,
        at=at,
    )
    request.session.pop(KEPT, None)
    messages.success(request, "Votre brouillon est enregistré. Un lien pour le reprendre part à votre adresse.")
    goes_to = "envoi" if request.POST.get("faire") == "envoi" else STEPS[1].key
    return redirect("deposit_step", tokens.make("draft", draft.uuid), goes_to)


def _first_forms(request, document, at):
    kept = request.session.get(KEPT)
    email = request.user.email if request.user.is_authenticated else ""
    if kept is None:
        return EssentialForm(document), AddressForm(initial={"email": email}, now=at)
    data = QueryDict(mutable=True)
    for name, values in kept.items():
        data.setlist(name, values)
    form = EssentialForm(document, data)
    form.is_valid()
    form.forget_errors()
    return form, AddressForm(initial={"email": data.get("email", email)}, now=at)


def _first_page(request, form, address, *, apart=(), found=(), asks=False):
    return render(request, "deposit/new.html", _context(request, form, address, apart, found, asks))


def _context(request, form, address, apart=(), found=(), asks=False):
    dressed = dress(Initiative.objects.filter(pk__in=[one.fiche.pk for one in found]).with_card_details())
    by_key = {fiche.pk: fiche for fiche in dressed}
    return {
        "step": FIRST,
        "steps": STEPS,
        "number": 1,
        "door": _door(request),
        "form": form,
        "address": address,
        "forms": [*form.all_forms, address],
        "found": [{"fiche": by_key[one.fiche.pk], "reasons": ", ".join(one.reasons)} for one in found],
        # Everything is right but for this: it is what one is brought to.
        "asks": asks and bool(found),
        "apart": sorted(map(str, apart)),
    }


def _door(request):
    door = request.POST.get("porte") or request.GET.get("porte", Submission.Door.EXISTS)
    return door if door in Submission.Door.values else ""


def _told_apart(data):
    """UUIDs of the fiches that are something else, as the person says."""
    keys = [*data.getlist("distinctes"), *data.getlist("autre")]
    # « Aucune de celles-ci » : all those that were shown.
    keys += data.getlist("vues") if data.get("faire") == "autres" else []
    return {key for key in keys if _is_uuid(key)}


def _is_uuid(key):
    try:
        return bool(UUID(key))
    except ValueError:
        return False


def _likely(form, apart):
    """The published fiches that may be this one: known as soon as there is a name, and better with a place."""
    name = form.cleaned_data.get("name", "")
    if not name:
        return []
    places = [form.place] if form.place else []
    found = likely_duplicates(Initiative, name=name, places=places)
    return [one for one in found if one.fiche.is_published and str(one.fiche.uuid) not in apart]


def _complete(request, form, address, at):
    """To the page that proposes a change of the fiche that exists, with what was typed."""
    key = request.POST["meme"]
    fiche = get_object_or_404(Initiative.objects.published(), uuid=key if _is_uuid(key) else UUID(int=0))
    form.is_valid()
    email = address.cleaned_data.get("email", "") if address.is_valid() else ""
    if blocked := refuse_if_too_many(request, "deposit", at=at, email=email):
        return blocked.page(request)
    typed = [
        ("Nom", form.data.get("name")),
        ("Commune", form.data.get("commune")),
        ("En deux phrases", form.data.get("summary")),
    ]
    comment = "\n".join(
        f"{name}\N{NO-BREAK SPACE}: {' '.join(without_nul(text).split())[:400]}" for name, text in typed if text
    )
    draft = start_completion(fiche=fiche, comment=comment, email=email, at=at)
    request.session.pop(KEPT, None)
    page = f"{fiche.get_absolute_url()}proposer-une-modification/"
    return redirect(f"{page}?brouillon={tokens.make('draft', draft.uuid)}")
