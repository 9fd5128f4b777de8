"""What every page knows of the site itself."""

from django.conf import settings


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
        }
    }
