from django.db import connection, models


class RateCountQuerySet(models.QuerySet):
    def take(self, action, key, until, most) -> bool:
        """Count once more, unless it was done ``most`` times already; returns whether it was counted.

        One statement, which both databases know: of two processes that want the last one, one gets it.
        """
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (action, key, until, count) VALUES (%s, %s, %s, 1)"
                f" ON CONFLICT (action, key, until) DO UPDATE SET count = {table}.count + 1"
                f" WHERE {table}.count < %s RETURNING count",
                [action, key, connection.ops.adapt_datetimefield_value(until), most],
            )
            return cursor.fetchone() is not None


class RateCount(models.Model):
    """Compte : combien de fois une même adresse a fait une même chose, jusqu’à tel moment. L’adresse n’y est pas.

    ``key`` is a keyed hash: without the site's secret, nobody finds the address again.
    """

    action = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    until = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    objects = RateCountQuerySet.as_manager()

    class Meta:
        verbose_name = "compte d’envois"
        verbose_name_plural = "comptes d’envois"
        constraints = [
            models.UniqueConstraint(fields=["action", "key", "until"], name="rate_count_once_a_period"),
        ]
        indexes = [models.Index(fields=["until"], name="rate_count_until")]

    def __str__(self):
        return f"{self.action} : {self.count}"
