"""What the form components say of answers: the errors in one list, the characters counted, the control itself."""

from django import forms, template
from django.forms.formsets import BaseFormSet

from initiatives.templatetags.innovguide import number, plural
from initiatives.text import NO_BREAK

register = template.Library()

IN_WORDS = ["Zéro", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix"]


@register.filter
def error_lines(form):
    """What is wrong with a form, a formset or a list of them: ``[{"target": id or "", "sentence": …}]``.

    A sentence of Django's own (« Ce champ est obligatoire. ») is preceded by the name of its field; ours name it.
    """
    if isinstance(form, BaseFormSet):
        whole = [{"target": "", "sentence": sentence} for sentence in form.non_form_errors()]
        return whole + error_lines(form.forms)
    if not isinstance(form, forms.BaseForm):
        return [line for one in form for line in error_lines(one)]
    lines = [{"target": "", "sentence": sentence} for sentence in form.non_field_errors()]
    for field in form:
        for error in field.errors.as_data():
            lines.append({"target": _target(field), "sentence": _sentence(field, error)})
    return lines


def _sentence(field, error):
    (sentence,) = error.messages
    if not _is_of_django(field.field, error.code):
        return sentence
    return f"{field.label} : {sentence[:1].lower()}{sentence[1:]}"


def _is_of_django(field, code):
    """Whether nobody has written for this field the sentence of this error."""
    if not code:
        return False
    messages = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            messages |= getattr(kind, "default_error_messages", {})
    return field.error_messages.get(code) == messages.get(code)


def _target(field):
    """Where the link of an error leads: the control, or the first one of a group."""
    if field.is_hidden:
        return ""
    if field.use_fieldset:
        first = next(iter(field.subwidgets), None)
        return (first.id_for_label if first else "") or field.auto_id
    return field.id_for_label


@register.filter
def error_heading(lines):
    """« Deux réponses sont à corriger »; when no answer is wrong but the form as a whole, that it is not sent."""
    count = sum(bool(line["target"]) for line in lines)
    if not count:
        return "Ce formulaire n’est pas encore envoyé"
    counted = IN_WORDS[count] if count < len(IN_WORDS) else number(count)
    return f"{counted} réponse{plural(count)} {plural(count, 'est,sont')} à corriger"


@register.filter
def error_title(form):
    """What comes first in the title of a page whose form came back: « Erreur : 2 réponses à corriger. »; else ""."""
    lines = error_lines(form)
    count = sum(bool(line["target"]) for line in lines)
    if count:
        return f"Erreur{NO_BREAK}: {number(count)} réponse{plural(count)} à corriger. "
    return "Erreur. " if lines else ""


@register.filter
def counted(field):
    """``(typed, most)`` for a long text of a bounded length, which gets a counter; else None."""
    most = getattr(field.field, "max_length", None)
    if not most or not isinstance(field.field.widget, forms.Textarea):
        return None
    return len(str(field.value() or "").replace("\r\n", "\n")), most


@register.filter
def counter_words(count):
    """« 306 caractères sur 300 », from what ``counted`` gives."""
    typed, most = count
    return f"{number(typed)} caractère{plural(typed)} sur {number(most)}"


@register.filter
def control(field):
    """The control of a field, in our look, with everything that describes it; a counted one may be typed beyond."""
    attrs = {"class": f"{field.field.widget.attrs.get('class', '')} saisie".strip()}
    if count := counted(field):
        described = f"{field.aria_describedby or ''} {field.auto_id}_compteur".strip()
        attrs |= {"maxlength": False, "data-counted": count[1], "aria-describedby": described}
    return field.as_widget(attrs=attrs)


@register.filter
def item(values, key):
    """What a dictionary holds under a key, or None."""
    return values.get(key)
