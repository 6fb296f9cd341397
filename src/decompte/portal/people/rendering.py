"""How forms look everywhere: the templates of `templates/forms`."""

from django.forms.renderers import TemplatesSetting


class FieldRenderer(TemplatesSetting):
    """Label, help, error and input tied together for screen readers."""

    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"
