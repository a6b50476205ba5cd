from django.db import migrations


def search_anew(apps, schema_editor):
    """Measures were once found by the title of an initiative that is a draft: every text is stemmed again."""
    if "initiatives_stale" in schema_editor.connection.introspection.table_names():
        schema_editor.execute("DELETE FROM initiatives_stale")
        schema_editor.execute("INSERT INTO initiatives_stale SELECT id * 2 FROM initiatives_initiative")
        schema_editor.execute("INSERT INTO initiatives_stale SELECT id * 2 + 1 FROM initiatives_passage")


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0003_version_tells_time")]

    operations = [migrations.RunPython(search_anew, migrations.RunPython.noop)]
