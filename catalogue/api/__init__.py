import sys

# REST framework imports PostgreSQL's own fields where it can, and with them a driver: ten megabytes of each worker for
# what no serializer of ours has. None stands for a module that is not to be found.
sys.modules.setdefault("django.contrib.postgres.fields", None)  # type: ignore[arg-type]
