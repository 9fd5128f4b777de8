from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager):
    use_in_migrations = True

    @classmethod
    def normalize_email(cls, email):
        """Addresses are one whatever their case: people type « Contact@ » one day and « contact@ » the next."""
        return (email or "").strip().casefold()

    def get_by_natural_key(self, email):
        return self.get(email=self.normalize_email(email))

    def create_user(self, email, password=None, **extra_fields):
        """A person known by e-mail; without a password (holders) nobody can sign in with one."""
        user = self.model(email=self.normalize_email(email), **extra_fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **extra_fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra_fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Personne : quelqu’un de l’équipe (mot de passe) ou un porteur (lien par courriel). Rien n’en est public."""

    email = models.EmailField(
        "adresse électronique", unique=True, error_messages={"unique": "Cette adresse existe déjà."}
    )
    name = models.CharField("nom", max_length=150, blank=True)
    is_staff = models.BooleanField("fait partie de l’équipe", default=False)
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("créé le", default=timezone.now, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        permissions = [("manage_team", "Peut gérer les comptes de l’équipe")]
        ordering = ["email", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_folded"),
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def in_history(self):
        """As the desk tells who did something: everybody there reads history, not everybody who sends what.

        The team has a password, or is about to choose one; who only ever came by a link is somebody else.
        """
        return str(self) if self.is_staff or self.has_usable_password() else "une personne extérieure à l’équipe"

    def clean(self):
        super().clean()
        self.email = User.objects.normalize_email(self.email)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name or self.email
