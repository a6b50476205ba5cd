import django.db.models.deletion
from django.db import migrations, models

TERMS = {"categorylink": "category", "objectivelink": "objective", "sectorlink": "sector"}


def renamed(model, name):
    """A link calls its term `term` in all three classes; what names the column is made anew under its own name."""
    return [
        migrations.RemoveConstraint(model, f"{model}_unique"),
        migrations.RemoveIndex(model, f"{model}_covering"),
        migrations.RenameField(model, name, "term"),
        migrations.AlterModelOptions(model, {"ordering": ["term__position"], **NAMES[model]}),
        migrations.AddConstraint(
            model, models.UniqueConstraint(fields=("initiative", "term"), name=f"{model}_unique")
        ),
        migrations.AddIndex(
            model, models.Index(fields=["term", "basis", "initiative"], name=f"{model}_covering")
        ),
    ]


def reasons(model):
    """What a link rests on, for its readers: filled and shown later."""
    passage = models.ForeignKey(
        "initiatives.passage",
        django.db.models.deletion.PROTECT,
        blank=True,
        null=True,
        related_name="%(class)ss",
        verbose_name="passo su cui si fonda",
    )
    note = models.TextField("perché", blank=True, null=True)
    note_en = models.TextField("perché, in inglese", blank=True, null=True)
    fields = {"passage": passage, "note": note, "note_en": note_en}
    return [migrations.AddField(model, name, field) for name, field in fields.items()]


NAMES = {
    "categorylink": {"verbose_name": "categoria della voce", "verbose_name_plural": "categorie della voce"},
    "objectivelink": {"verbose_name": "obiettivo della voce", "verbose_name_plural": "obiettivi della voce"},
    "sectorlink": {"verbose_name": "settore della voce", "verbose_name_plural": "settori della voce"},
}


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0004_draft_titles"), ("taxonomy", "0001_initial")]

    operations = [
        operation for model, name in TERMS.items() for operation in [*renamed(model, name), *reasons(model)]
    ]
