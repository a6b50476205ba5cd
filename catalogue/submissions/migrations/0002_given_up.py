from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_submissions")]

    operations = [
        migrations.RemoveConstraint(model_name="submission", name="submission_outcome_known"),
        migrations.AlterField(
            model_name="submission",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("waiting", "In revisione"),
                    ("published", "Pubblicata"),
                    ("returned", "Restituita"),
                    ("replaced", "Sostituita da un’altra consegna"),
                    ("taken-back", "Ripresa da chi l’aveva consegnata"),
                    ("given-up", "Lasciata perdere da chi l’aveva consegnata"),
                ],
                default="waiting",
                max_length=20,
                verbose_name="esito",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["waiting", "published", "returned", "replaced", "taken-back", "given-up"])
                ),
                name="submission_outcome_known",
            ),
        ),
    ]
