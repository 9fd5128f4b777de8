"""Pages for what went wrong on our side. They ask nothing of the database, which may be what failed."""

from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from initiatives.directory.context import site
from innovguide import logs


def server_error(request):
    return _page(request, "500.html", 500, "Une erreur s’est produite de notre côté. Elle est enregistrée.")


def unavailable(request):
    response = _page(request, "503.html", 503, "Le site est momentanément indisponible. Revenez dans un instant.")
    response.headers["Retry-After"] = "30"
    return response


def _page(request, template, status, sentence):
    """The template gets `site` and `request_id`, nothing else."""
    try:
        html = render_to_string(template, {"request_id": logs.request_id.get(), **site(request)})
    except TemplateDoesNotExist:
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(html, status=status)
