import django.db.models.deletion
from django.db import migrations, models

PASSAGE = models.ForeignKey(
    "initiatives.passage",
    django.db.models.deletion.PROTECT,
    blank=True,
    help_text="Il titolo, la frase o il punto dell’allegato D che lo dice.",
    null=True,
    related_name="%(class)ss",
    verbose_name="passo su cui si fonda",
)
NOTE = models.TextField(
    "perché", blank=True, help_text="Come la redazione è arrivata a leggerla così.", null=True
)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0005_link_terms"), ("taxonomy", "0002_values_of_the_introduction")]

    operations = [
        migrations.AddField(
            "initiative",
            "lead_ins",
            models.ManyToManyField(
                "initiatives.passage",
                blank=True,
                help_text="Le parole che aprono l’elenco in cui il documento la riporta: valgono per tutto l’elenco.",
                related_name="introduced",
                verbose_name="passi che la introducono",
            ),
        ),
        migrations.AlterField(
            "initiative",
            "classification_note",
            models.TextField(
                "nota sulla lettura",
                blank=True,
                help_text="Che cosa, oltre alle singole attribuzioni, è una lettura della redazione: "
                "il posto, il titolo.",
            ),
        ),
        migrations.AlterField(
            "initiative",
            "classification_note_en",
            models.TextField("nota sulla lettura in inglese", blank=True),
        ),
        *(
            migrations.AlterField(model, name, field)
            for model in ("categorylink", "objectivelink", "sectorlink")
            for name, field in (("passage", PASSAGE), ("note", NOTE))
        ),
    ]
