"""What `tests.compare_releases` runs in each of two checkouts, in a process that imports nothing but that release.

`prepare` makes the database and the static files of DATA_DIR, or brings them up to this release, `load` fills a new
database; `list REQUESTS` writes what both releases are asked, `ask REQUESTS ANSWERS` asks it: files of JSON lines.
"""

import base64
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

LANGUAGES = ("it", "en")
# What the addresses that take a slug take it from; an address of a new kind stops the script until it stands here.
SLUGS = {
    "initiative-detail": "initiatives.Initiative",
    "objective-detail": "taxonomy.SpecificObjective",
    "category-detail": "taxonomy.InterventionCategory",
    "entry-history": "initiatives.Initiative",
    "sector-detail": "taxonomy.PrioritySector",
    "api:initiative": "initiatives.Initiative",
    "initiative-card": "initiatives.Initiative",
    "objective-card": "taxonomy.SpecificObjective",
    "category-card": "taxonomy.InterventionCategory",
    "sector-card": "taxonomy.PrioritySector",
    **{
        f"{thing}-{form}": model
        for form in ("ttl", "jsonld", "rdf")
        for thing, model in {
            "initiative": "initiatives.Initiative",
            "objective": "taxonomy.SpecificObjective",
            "category": "taxonomy.InterventionCategory",
            "sector": "taxonomy.PrioritySector",
        }.items()
    },
}
# What has citations, each made with what the address of its page is made with.
CITED = {
    "initiative-citation": "initiative-detail",
    "version-citation": "entry-version",
    "objective-citation": "objective-detail",
    "category-citation": "category-detail",
    "sector-citation": "sector-detail",
    "passage-citation": "passage",
    "data-citation": "data",
}
FACETS = {
    "objective": "taxonomy.SpecificObjective",
    "category": "taxonomy.InterventionCategory",
    "sector": "taxonomy.PrioritySector",
    "scope": "",
    "level": "",
}
# How many random selections each address is asked for in each language.
SELECTIONS = {
    "initiative-list": 60,
    "feed": 8,
    "csv": 10,
    "xlsx": 8,
    "json": 10,
    "ttl": 6,
    "classifications": 10,
    "crosswalk": 10,
    "matrix": 20,
    "matrix-csv": 10,
    "matrix-xlsx": 6,
    "api:initiatives": 30,
    "api:matrix": 15,
}
WORDS = [
    "servizi",
    "qualità",
    "QUALITA",
    "welfare territoriale",
    '"gruppi appartamento"',
    "“servizi di cura” famiglie",
    "imprese tirocinio",
    "agricolutra",
    "infanzia",
    "innovazion",
    "OS ix",
    "l'autonomia",
    "x",
    "zzzzqqq",
    "social impact investing",
]
MALFORMED = [
    "category=inventata",
    "category=inventata&category=economia-sociale",
    "categoria=economia-sociale",
    "Category=economia-sociale&utm_source=x",
    "objective=os-i,os-ix",
    "objective=os-i&objective=os-i&sector=",
    "scope=none",
    "level=measure&level=%F0%9F%98%80",
    "basis=editorial",
    "basis=source&basis=all",
    "order=title,id",
    "order=title&order=-updated",
    "page=0",
    "page=999",
    "page=" + "9" * 60,
    "page=2&page=1",
    "page_size=7",
    "q=%3F%21",
    "q=a%00b",
    "q=coworking&q=agricoltura",
    "q=" + "x" * 501,
    "q=" + "+".join(f"p{n}" for n in range(21)),
    "q=%3Cscript%3E&order=relevance",
    "%FF=%FE&=&&objective",
    "rows=level&columns=level",
    "rows=inventata&columns=scope",
    "rows=scope&rows=level",
    "columns=category",
]
OTHERS = [
    "/favicon.ico",
    "/robots.txt",
    "/manca/",
    "/en/manca/",
    "/iniziative",
    "/en/initiatives",
    "/en/iniziative/",
    "/obiettivi/coworking/",
    "/iniziative/COWORKING/",
    "/iniziative/%00/",
    "/%3Cscript%3E/",
    "/sitemap-99999999999999999999.xml",
    "/api/",
    "/api/v1/",
    "/api/v1/manca/",
    "/api/v1/initiatives",
    "/api/v1/status/",
    "/admin/",
    "/static/manca.css",
    "//altrove.example/",
]


class Request(NamedTuple):
    method: str
    address: str
    headers: dict[str, str]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def get(address: str, **headers: str) -> Request:
    return Request("GET", address, headers)


def requests() -> list[Request]:
    """Every named address, in both languages, then what can be asked of those that take a query."""
    from django.utils.translation import override

    found: list[Request] = [get(address) for address in OTHERS]
    for language in LANGUAGES:
        with override(language):
            rng, whole = random.Random(2020), list(addresses())
            found += map(get, whole)
            found += map(get, [*selections(rng), *malformed(), *axes(), *comparisons(rng)])
            # Kinds of request, not contents: of each kind of address one is enough.
            kinds = list(addresses(1))
            found += [Request(method, address, {}) for method in ("HEAD", "POST") for address in kinds]
            found += [get(address, **{"HX-Request": "true"}) for address in list(selections(rng))[:5]]
    found += [get("/", Host="altrove.example"), get("/api/v1/initiatives/", Accept="text/html")]
    return list({json.dumps(request): request for request in found}.values())


def addresses(most: int = sys.maxsize) -> Iterator[str]:
    """Of each name all, or the first ones."""
    from django.urls import get_resolver, reverse

    for name in dict.fromkeys(names(get_resolver().url_patterns)):
        for arguments in parts(name)[:most]:
            yield reverse(name, kwargs=arguments)


def names(patterns: Iterable[Any], space: str = "") -> Iterator[str]:
    """The names of all addresses, but the editors': their pages hold tokens, and are for those who sign in."""
    for pattern in patterns:
        if not hasattr(pattern, "url_patterns"):
            yield from [space + pattern.name] if pattern.name else []
        elif pattern.namespace != "admin":
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)


def parts(name: str) -> list[dict[str, Any]]:
    """What an address of this name is made with."""
    if name == "sitemap-part":
        return [{"number": number} for number in range(4)]
    if name == "entry-version":
        return [{"slug": "coworking", "version": "000000000000"}]
    if name == "passage":  # no page of its own
        return [{"anchor": anchor} for anchor in ("coworking", "manca")]
    if name.endswith("-citation"):
        return [each | {"form": form} for each in parts(CITED[name]) for form in ("ris", "bib")]
    return [{"slug": slug} for slug in [*slugs(SLUGS[name]), "manca"]] if name in SLUGS else [{}]


def slugs(label: str) -> list[str]:
    from django.apps import apps

    return list(apps.get_model(label)._base_manager.order_by("slug").values_list("slug", flat=True))


def selections(rng: random.Random) -> Iterator[str]:
    from django.urls import reverse

    known = {facet: [*slugs(label), "none"] if label else [] for facet, label in FACETS.items()}
    known |= {"scope": ["focus", "further"], "level": ["initiative", "measure"]}
    for name, times in SELECTIONS.items():
        for _ in range(times):
            pairs = [*choices(rng, known), *(crossed(rng) if "matrix" in name else paging(rng))]
            yield f"{reverse(name)}?{urlencode(pairs)}"


def choices(rng: random.Random, known: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for facet, values in known.items():
        for value in rng.sample(values, rng.choice([0, 0, 0, 1, 1, 2])):
            yield facet, value
    if rng.random() < 0.25:
        yield "basis", rng.choice(["source", "source", "all"])
    if rng.random() < 0.4:
        yield "q", rng.choice(WORDS)


def paging(rng: random.Random) -> Iterator[tuple[str, str]]:
    if rng.random() < 0.4:
        yield "order", rng.choice(["position", "title", "-updated", "relevance"])
    if rng.random() < 0.3:
        yield "page", str(rng.randint(1, 3))
    if rng.random() < 0.4:
        yield "page_size", rng.choice(["10", "25", "50", "100"])


def crossed(rng: random.Random) -> list[tuple[str, str]]:
    return list(zip(["rows", "columns"], rng.sample(list(FACETS), 2), strict=True))


def malformed() -> Iterator[str]:
    from django.urls import reverse

    for place, name in enumerate(SELECTIONS):
        # Files are refused by the same code: each takes every third, and together they take all.
        every = 1 if name in ("initiative-list", "csv", "matrix", "api:initiatives", "api:matrix") else 3
        yield from (f"{reverse(name)}?{query}" for query in MALFORMED[place % every :: every])
    for name in ("home", "initiative-list", "source", "sitemap", "api:categories", "api:passages", "api:status"):
        yield from (f"{reverse(name)}?{query}" for query in ("x=1", "q=", "objective=os-ix"))


def axes() -> Iterator[str]:
    from django.urls import reverse

    for name in ("matrix", "matrix-csv", "api:matrix"):
        for rows in FACETS:
            yield from (f"{reverse(name)}?{urlencode({'rows': rows, 'columns': columns})}" for columns in FACETS)


def comparisons(rng: random.Random) -> Iterator[str]:
    """Of none to five entries, some of which are not there or are named twice."""
    from django.urls import reverse

    entries = slugs("initiatives.Initiative")
    for many in (1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5):
        yield f"{reverse('compare')}?{urlencode([('i', slug) for slug in rng.sample(entries, many)])}"
    for query in ("i=", "i=manca", "i=coworking&i=coworking&i=scale-up", "i=COWORKING&x=1", "voce=coworking"):
        yield f"{reverse('compare')}?{query}"


def ask(client: Any, request: Request) -> Answer:
    response = client.generic(request.method, request.address, headers=request.headers)
    body = b"".join(response)
    response.close()
    return Answer(response.status_code, dict(response.headers), body)


def read_requests(file: Path) -> list[Request]:
    return [Request(*json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def read_answers(file: Path) -> list[Answer]:
    lines = map(json.loads, file.read_text("utf-8").splitlines())
    return [Answer(status, headers, base64.b64decode(body)) for status, headers, body in lines]


def write_lines(file: Path, lines: Iterable[Any]) -> None:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def main(command: str, *files: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    paths = [Path(file) for file in files]
    if command == "prepare":
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
    elif command == "load":
        from catalogue.management.commands.start import load_catalogue

        load_catalogue()
    elif command == "list":
        write_lines(paths[0], requests())
    elif command == "ask":
        from django.test import Client

        client = Client(raise_request_exception=False, headers={"host": "localhost"})
        answers = (ask(client, request) for request in read_requests(paths[0]))
        write_lines(paths[1], ((status, headers, base64.b64encode(body).decode()) for status, headers, body in answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
