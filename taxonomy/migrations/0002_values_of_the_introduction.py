from django.db import migrations, models

SLUGS = ["servizi-pubblici-digitali", "organizzazione-lavoro", "istruzione-formazione", "competenze-riqualificazione"]


def mark(apps, schema_editor):
    """The four that the catalogue has had from its beginning, where no editor has put them under an objective."""
    sectors = apps.get_model("taxonomy", "PrioritySector").objects
    sectors.filter(slug__in=SLUGS, objectives=None).update(from_introduction=True)


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]

    operations = [
        migrations.AddField(
            "prioritysector",
            "from_introduction",
            models.BooleanField(
                "dalla Premessa",
                default=False,
                help_text="Il documento non lo elenca tra i settori dell’allegato D: "
                "il valore ripete parole della Premessa.",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
