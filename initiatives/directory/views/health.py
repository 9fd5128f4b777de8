import os

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from initiatives.directory.live import holder


@never_cache
@require_safe
def health(request):
    """For the one who watches the site: 503 only when the database does not answer, for then no page does."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        causes = what_is_wrong()
    except Error:
        return JsonResponse({"status": "down", "causes": ["La base de données ne répond pas."]}, status=503)
    if causes:
        return JsonResponse({"status": "degraded", "causes": causes})
    return JsonResponse({"status": "ok"})


def what_is_wrong() -> list[str]:
    """One sentence for each thing that somebody must mend; the desk's front page says them too."""
    return [*_pending_migrations(), *_media_trouble(), *_index_trouble()]


def _pending_migrations():
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield f"Migrations à appliquer : {len(plan)}."


def _media_trouble():
    if not os.access(settings.MEDIA_ROOT, os.W_OK | os.X_OK):
        yield "Le dossier des photos n’est pas accessible en écriture."


def _index_trouble():
    if holder.failure:
        yield f"L’index de recherche n’a pas pu être fait ({holder.failure}) : la base de données répond à sa place."
