"""``/mes-fiches/``: what a holder owns and has sent."""

from django.shortcuts import render

from initiatives.submission.tokens import private_page
from initiatives.submission.views.connection import signed_in


@private_page
@signed_in
def my_fiches(request):
    return render(request, "submission/my_fiches.html")
