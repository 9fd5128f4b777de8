from django.db import models


class SearchMiss(models.Model):
    """Recherche sans résultat : des mots qui, tel jour, n’ont rien fait trouver, et combien de fois. Personne n’y est.

    The words are folded: letters, digits and spaces.
    """

    day = models.DateField("jour")
    words = models.CharField("mots", max_length=100)
    count = models.PositiveIntegerField("fois", default=1)

    class Meta:
        verbose_name = "recherche sans résultat"
        verbose_name_plural = "recherches sans résultat"
        ordering = ["-day", "-count", "words"]
        constraints = [
            models.UniqueConstraint(fields=["day", "words"], name="search_miss_once_a_day"),
            models.CheckConstraint(condition=~models.Q(words=""), name="search_miss_has_words"),
        ]

    def __str__(self):
        return self.words
