"""What the keys of a document are called."""

from uuid import UUID

from initiatives.models import Actor, FundingSource, Territory
from initiatives.submission.forms.places import full_name


class Names:
    """The structures, the funding sources and the places that a document names, in a fixed number of queries."""

    def __init__(self, document):
        lines = [*document.get("participations", ()), *document.get("fundings", ())]
        keys = {line.get("actor") for line in lines} | {line.get("source") for line in lines}
        uuids = [UUID(key) for key in keys if key]
        self._said = {}
        if uuids:
            for model in (Actor, FundingSource):
                found = model.objects.filter(uuid__in=uuids).values_list("uuid", "name")
                self._said |= {str(uuid): name for uuid, name in found}
        places = {*document.get("coverage", ()), *(site["territory"] for site in document.get("sites", ()))}
        codes = [key.partition("-")[2] for key in places if key]
        if codes:
            found = Territory.objects.filter(code__in=codes).select_related("department")
            self._said |= {place.key: full_name(place) for place in found if place.key in places}

    def of(self, key) -> str:
        return self._said.get(key, key or "")
