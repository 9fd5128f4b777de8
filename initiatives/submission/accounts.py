"""Accounts of the people who send and who answer for fiches: an address that was proved, and no password."""

from initiatives.models import User


def account_of(email: str, name: str = "") -> User:
    """The account of an address that was just proved, made if it is the first time. Nobody signs in to it by password.

    In the turn of the caller (``take_turn``), so that it is made once. The team may have closed it: ``is_active``.
    """
    user = User.objects.filter(email=User.objects.normalize_email(email)).first()
    if user is None:
        return User.objects.create_user(email, name=name)
    if name and not user.name:
        user.name = name
        user.save(update_fields=["name"])
    return user
