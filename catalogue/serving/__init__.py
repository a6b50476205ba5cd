import os

import django

# A worker may be a process that has inherited nothing.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalogue.settings")
django.setup()
