"""``/carte/points.json``: what a map shows of a search. Its address is read strictly, as those of the exports."""

from django.http import JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from initiatives.directory.filters import told
from initiatives.directory.mapped import Mapped, data
from initiatives.directory.search import search as answers
from initiatives.directory.spots import Box
from initiatives.exchange.search import Refused, Search
from initiatives.exchange.views import etag_of, open_to_all, refusal

WIDEST_ZOOM = 22
BOX = "Attendu : ouest,sud,est,nord, en degrés (4.9,43.2,5.6,43.5)."
ZOOM = f"Attendu : un nombre entier, de 0 à {WIDEST_ZOOM}."


@require_safe
def map_points(request):
    asked = request.GET.copy()
    view = {name: _last(asked.pop(name, [])) for name in ("emprise", "zoom")}
    try:
        box, zoom = _read_view(view)
        search = Search(asked)
    except Refused as refused:
        return open_to_all(refusal(refused))
    etag = etag_of(request.path, search, view["emprise"], view["zoom"])
    response = get_conditional_response(request, etag=etag) or _answer(search, box, zoom)
    response.headers.setdefault("ETag", etag)
    return open_to_all(response)


def _answer(search, box, zoom):
    mapped = Mapped(answers(search.filter), search.filter.data)
    body = data(mapped, box, zoom)
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _read_view(view):
    """The box (None: everything) and the zoom that the address gives. Raises ``Refused``."""
    faults, box, zoom = [], None, 0
    if view["emprise"]:
        try:
            box = Box(*map(float, view["emprise"].split(",")))
        except (TypeError, ValueError):
            box = None
        if box is None or not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
            faults.append({"parametre": "emprise", "valeur": told(view["emprise"]), "message": BOX})
    if view["zoom"]:
        digits = view["zoom"]
        if digits.isascii() and digits.isdigit() and len(digits) < 3 and int(digits) <= WIDEST_ZOOM:
            zoom = int(digits)
        else:
            faults.append({"parametre": "zoom", "valeur": told(digits), "message": ZOOM})
    if faults:
        raise Refused(faults)
    return box, zoom


def _last(values):
    return values[-1].strip() if values else ""
