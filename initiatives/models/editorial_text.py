from django.db import models


class EditorialText(models.Model):
    """Texte éditorial : ce que l’équipe écrit elle-même dans les pages qui expliquent (charte, méthode, contact…).

    ``directory/editorial.py`` says which there are; none is added nor removed by hand.
    """

    key = models.SlugField("identifiant", max_length=40, unique=True)
    title = models.CharField("titre", max_length=150)
    lead = models.TextField("chapô", blank=True)
    body = models.TextField("texte", blank=True)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    modified_at = models.DateTimeField("modifié le", null=True, editable=False)
    # Of what its file said when it was loaded: a text that still says it follows its file.
    loaded_fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "texte éditorial"
        verbose_name_plural = "textes éditoriaux"
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title
