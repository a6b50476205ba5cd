from django.db import migrations


def mark_all(apps, schema_editor):
    """All texts, whose words have to be made anew, and the words known, some of which nobody has any more."""
    with schema_editor.connection.cursor() as cursor:
        if "initiatives_stale" not in schema_editor.connection.introspection.table_names(cursor):
            return
        cursor.execute("DELETE FROM initiatives_word")
        cursor.execute("DELETE FROM initiatives_stale")
        cursor.execute(
            "INSERT INTO initiatives_stale SELECT id * 2 FROM initiatives_initiative"
            " UNION ALL SELECT id * 2 + 1 FROM initiatives_passage"
        )


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0007_synonyms")]

    operations = [migrations.RunPython(mark_all, migrations.RunPython.noop)]
