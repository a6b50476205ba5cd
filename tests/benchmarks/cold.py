"""What a page costs that is not kept: `DATA_DIR=var/samples/1000 uv run python -m tests.benchmarks.cold 1000`.

Prints medians of processor time in milliseconds, from the request to the last byte of Django's answer: once as it is
where pages before have shown the same entries, and once where none has. `tests.benchmarks.releases` runs this file in
the checkouts of two releases.
"""

import os
import statistics
import sys
import time

from tests.benchmarks.facets import prepare
from tests.benchmarks.search import turn

PAGES = {
    "list": "/iniziative/",
    "narrowed-list": "/iniziative/?objective=os-ix&category=economia-sociale&basis=source",
    "table": "/tabella/",
    "entry": "/iniziative/{slug}/",
    "term": "/obiettivi/os-ix/",
    "home": "/",
    "API-list": "/api/v1/initiatives/",
}


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
    django.setup()
    prepare(int(sys.argv[1]))
    measure()


def measure() -> None:
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    from catalogue.api import views
    from catalogue.presenters import cards
    from initiatives.models import Initiative

    application, requests = get_wsgi_application(), RequestFactory()
    known = [getattr(cards, "_known", {}), getattr(views, "_represented_of", {})]
    slug = Initiative.objects.published().order_by("position")[0].slug

    def made(path: str, query: str) -> float:
        request = requests.get(path, QUERY_STRING=query, headers={"host": "localhost"})
        began = time.thread_time()
        response = application.get_response(request)
        assert b"".join(response)
        took = time.thread_time() - began
        response.close()
        assert response.status_code == 200, path
        return took * 1000

    for name, address in PAGES.items():
        path, _, query = address.format(slug=slug).partition("?")
        for forgets in (False, True):
            made(path, query)
            took = []
            for _ in range(15):
                if forgets:
                    for remembered in known:
                        remembered.clear()
                with turn():
                    took.append(made(path, query))
            print(f"{name}-of-new-entries" if forgets else name, round(statistics.median(took), 3), "ms")


if __name__ == "__main__":
    main()
