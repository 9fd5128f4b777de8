"""What every page knows of the site itself."""

from functools import partial

from django.conf import settings

from initiatives.directory.editorial import NOTICE, message


def site(request):
    """`site` in every template; an empty publisher means a demonstration, which the footer says."""
    return {
        "site": {
            "name": "InnovGuide",
            "url": settings.SITE_URL,
            "publisher": settings.PUBLISHER,
            "publication_director": settings.PUBLICATION_DIRECTOR,
            "host_provider": settings.HOST_PROVIDER,
            "contact_email": settings.CONTACT_EMAIL,
            # Asked for by the pages that show it, and by no other.
            "notice": partial(message, request, NOTICE),
        }
    }
