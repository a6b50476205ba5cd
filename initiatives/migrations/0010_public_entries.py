import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone
from urllib.parse import urlsplit

# The first address that an entry had names it for ever.
ENTRIES = (
    "INSERT INTO initiatives_publicentry (uid, tag, initiative_id, title, title_en, withdrawn, reason, reason_en)"
    " SELECT a.slug, %s || ',' || CAST(date(e.created) AS text) || ':' || a.slug,"
    " e.id, a.title, a.title_en, a.withdrawn, a.reason, a.reason_en"
    " FROM initiatives_publicaddress a JOIN initiatives_initiative e ON e.id = a.initiative_id"
    " WHERE a.id = (SELECT min(b.id) FROM initiatives_publicaddress b WHERE b.initiative_id = a.initiative_id)"
)
ADDRESSES = (
    "UPDATE initiatives_publicaddress SET entry_id = p.id FROM initiatives_publicentry p"
    " WHERE p.initiative_id = initiatives_publicaddress.initiative_id"
)
BACK = (
    "UPDATE initiatives_publicaddress SET initiative_id = p.initiative_id, title = p.title, title_en = p.title_en,"
    " withdrawn = p.withdrawn, reason = p.reason, reason_en = p.reason_en FROM initiatives_publicentry p"
    " WHERE p.id = initiatives_publicaddress.entry_id"
)


def authority():
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    return f"tag:{host if host and ':' not in host else 'localhost'}"


def split(apps, schema_editor):
    leave_unwatched(schema_editor)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(ENTRIES, [authority()])
        cursor.execute(ADDRESSES)
    entry, address = (apps.get_model("initiatives", name) for name in ("PublicEntry", "PublicAddress"))
    deleted = {}  # what had one title and left at one moment was one entry
    for left in address.objects.filter(initiative=None).order_by("pk"):
        key = left.title, left.title_en, left.withdrawn
        if key not in deleted:
            day = (left.withdrawn or timezone.now()).date().isoformat()
            texts = {name: getattr(left, name) for name in ("title", "title_en", "withdrawn", "reason", "reason_en")}
            deleted[key] = entry.objects.create(uid=left.slug, tag=f"{authority()},{day}:{left.slug}", **texts)
        address.objects.filter(pk=left.pk).update(entry=deleted[key])
    settle(schema_editor)


def join(apps, schema_editor):
    leave_unwatched(schema_editor)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BACK)
    settle(schema_editor)


def leave_unwatched(schema_editor):
    """Triggers name columns that go; they are made anew after the migration."""
    on = " ON initiatives_publicaddress" if schema_editor.connection.vendor == "postgresql" else ""
    names = [f"{event}_{what}" for event in ("insert", "update", "delete") for what in ("moves", "noted")]
    for name in ("moves", *names):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS initiatives_publicaddress_{name}{on}")


def settle(schema_editor):
    """PostgreSQL changes no table whose rows it has still to check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0009_publish_permission'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(editable=False, max_length=100, unique=True, verbose_name='identificativo che resta')),
                ('tag', models.CharField(editable=False, max_length=400, unique=True, verbose_name='nome nei feed')),
                ('title', models.CharField(max_length=300, verbose_name='ultimo titolo pubblicato')),
                ('title_en', models.CharField(blank=True, max_length=300, verbose_name='ultimo titolo pubblicato, in inglese')),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='ritirata')),
                ('reason', models.TextField(blank=True, help_text='Si legge sulla pagina che ne resta.', verbose_name='perché è stata ritirata')),
                ('reason_en', models.TextField(blank=True, verbose_name='perché è stata ritirata, in inglese')),
                ('initiative', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='public', to='initiatives.initiative', verbose_name='scheda')),
            ],
            options={
                'verbose_name': 'scheda letta dal pubblico',
                'verbose_name_plural': 'schede lette dal pubblico',
                'ordering': ['uid'],
            },
        ),
        migrations.AddField(
            model_name='publicaddress',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='initiatives.publicentry', verbose_name='scheda'),
        ),
        # Empty until the way back has filled it.
        migrations.AlterField(
            model_name='publicaddress',
            name='title',
            field=models.CharField(max_length=300, null=True, verbose_name='ultimo titolo pubblicato'),
        ),
        migrations.RunPython(split, join),
        migrations.RemoveField(model_name='publicaddress', name='initiative'),
        migrations.RemoveField(model_name='publicaddress', name='title'),
        migrations.RemoveField(model_name='publicaddress', name='title_en'),
        migrations.RemoveField(model_name='publicaddress', name='withdrawn'),
        migrations.RemoveField(model_name='publicaddress', name='reason'),
        migrations.RemoveField(model_name='publicaddress', name='reason_en'),
        migrations.AlterField(
            model_name='publicaddress',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='initiatives.publicentry', verbose_name='scheda'),
        ),
    ]
