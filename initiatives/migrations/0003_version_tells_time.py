from django.db import migrations


def forget_random_token(apps, schema_editor):
    """Versions were random numbers once; from the next `install` on they say when."""
    if "initiatives_version" in schema_editor.connection.introspection.table_names():
        schema_editor.execute("UPDATE initiatives_version SET token = 0")


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0002_text_lengths")]

    operations = [migrations.RunPython(forget_random_token, migrations.RunPython.noop)]
