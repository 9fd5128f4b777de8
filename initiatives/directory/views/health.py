import os
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from initiatives.directory.live import holder
from initiatives.models import DailyTask
from initiatives.models.mails import mails_due_before, mails_given_up_since

# How long a mail that is due may wait: the worker looks every second.
PATIENCE = timedelta(minutes=15)
# How long it is said that a mail was given up: time enough to see it, and to see the next one.
TOLD = timedelta(days=7)


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
    pending = [*_pending_migrations()]
    causes = [*pending, *_media_trouble(), *_index_trouble()]
    # What is to be migrated may be the tables of these.
    return causes if pending else [*causes, *_mail_trouble(timezone.now()), *_daily_trouble(timezone.localdate())]


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


def _mail_trouble(at: datetime):
    late = mails_due_before(at - PATIENCE).count()
    if late:
        yield (
            f"Messages qui devraient être partis depuis plus d’un quart d’heure : {late}. "
            "Le serveur de courrier ne répond pas, ou run_worker ne tourne pas."
        )
    given_up = mails_given_up_since(at - TOLD).count()
    if given_up:
        yield f"Messages refusés par le serveur de courrier et abandonnés depuis sept jours : {given_up}."


def _daily_trouble(today):
    late = DailyTask.objects.late(today).first()
    if late:
        yield f"Ce qui se fait chaque jour ne s’est plus fait depuis le {late.done_on:%d/%m/%Y} ({late})."
