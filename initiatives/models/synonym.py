from django.core.exceptions import ValidationError
from django.db import models

from initiatives.words import expression_key

MOST_EXPRESSIONS = 8


class Synonym(models.Model):
    """Synonymes : des mots ou expressions que la recherche tient pour équivalents (« ressourcerie, recyclerie »)."""

    words = models.CharField(
        "mots",
        max_length=300,
        unique=True,
        help_text="Deux à huit mots ou expressions, séparés par des virgules. Exemple : « ressourcerie, recyclerie ». "
        "Pluriels, accents et majuscules ne comptent pas.",
    )
    note = models.CharField("note", max_length=250, blank=True, help_text="Pourquoi, ou d’où vient cette équivalence.")

    class Meta:
        verbose_name = "groupe de synonymes"
        verbose_name_plural = "synonymes"
        ordering = ["words", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(words__contains=","),
                name="synonym_has_two_words",
                violation_error_message="Séparez par une virgule au moins deux mots ou expressions.",
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def expressions(self) -> list[str]:
        """What is held to be alike, one by one."""
        return [expression for part in self.words.split(",") if (expression := " ".join(part.split()))]

    def clean(self):
        super().clean()
        self.words = ", ".join(self.expressions)
        keys = {expression_key(expression): expression for expression in self.expressions}
        if () in keys:
            raise ValidationError({"words": f"« {keys[()]} » n’est fait que de mots que la recherche ne lit pas."})
        if not 2 <= len(keys) <= MOST_EXPRESSIONS:
            raise ValidationError(
                {"words": f"Il faut de deux à {MOST_EXPRESSIONS} mots ou expressions que la recherche distingue."}
            )
        for other in Synonym.objects.exclude(pk=self.pk):
            if shared := [keys[key] for key in map(expression_key, other.expressions) if key in keys]:
                raise ValidationError(
                    {"words": f"« {shared[0]} » est déjà dans le groupe « {other} » : complétez plutôt celui-ci."}
                )
