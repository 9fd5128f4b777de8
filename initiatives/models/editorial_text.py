from django.db import models


class EditorialText(models.Model):
    """Texte éditorial : ce que l’équipe écrit elle-même dans les pages qui expliquent (charte, méthode, contact…)."""

    key = models.SlugField("identifiant", max_length=40, unique=True)
    title = models.CharField("titre", max_length=150)
    lead = models.TextField("chapô", blank=True)
    body = models.TextField(
        "texte", blank=True, help_text="En Markdown : « ## » pour une section, « - » pour une liste."
    )
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    modified_at = models.DateTimeField("modifié le", null=True, editable=False)

    class Meta:
        verbose_name = "texte éditorial"
        verbose_name_plural = "textes éditoriaux"
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title
