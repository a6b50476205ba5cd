"""What the words of the catalogue mean. Anchors are the same in all languages: of a facet, its name."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.answers import public_page
from initiatives.versions import Snapshot


@dataclass(frozen=True)
class Word:
    anchor: str
    word: str | Promise
    meaning: str | Promise


WORDS = (
    Word(
        "allegato-d",
        _("Allegato D (Annex D)"),
        _(
            "L’allegato D alla Relazione Paese Italia 2019 della Commissione europea, in cui, secondo il "
            "documento, sono identificati i settori prioritari d’intervento. Il documento lo chiama anche «Annex "
            "D»."
        ),
    ),
    Word(
        "category",
        _("Categoria d’intervento"),
        _("Una delle categorie della programmazione 2014-2020 che il documento trae dai programmi operativi."),
    ),
    Word(
        "classificazione",
        _("Classificazione"),
        _(
            "Il legame tra una scheda e una categoria, un obiettivo o un settore. È «dal documento» se lo dicono "
            "le sue parole o il titolo della sezione; è «aggiunta dalla redazione» se l’ha letta così la "
            "redazione, e allora se ne legge il perché."
        ),
    ),
    Word(
        "corrispondenza",
        _("Corrispondenza"),
        _(
            "Il legame tra un valore e ciò che in un altro vocabolario ha quasi lo stesso significato, o uno "
            "collegato: i codici che i programmi di oggi danno agli obiettivi del regolamento (UE) 2021/1057, "
            "i concetti di EuroVoc, il thesaurus dell’Unione europea. Le aggiunge tutte la redazione."
        ),
    ),
    Word(
        "documento",
        _("Documento"),
        _(
            "Il testo da cui viene tutto il catalogo: «Le iniziative di Innovazione sociale realizzate "
            "nell’ambito dei POR FSE 2014-2020»."
        ),
    ),
    Word("fesr", _("FESR"), _("Fondo europeo di sviluppo regionale.")),
    Word(
        "fse",
        _("FSE, FSE+"),
        _("Fondo sociale europeo; dalla programmazione 2021-27, Fondo sociale europeo Plus (FSE+)."),
    ),
    Word(
        "iniziativa",
        _("Iniziativa"),
        _("Ciò che il documento riporta come punto dei suoi elenchi, o che la premessa cita."),
    ),
    Word(
        "misura",
        _("Misura"),
        _(
            "Una parte di un’iniziativa, che ha una scheda sua: il documento la riporta sotto l’iniziativa, "
            "oppure ve la colloca la redazione, e allora una nota lo dice."
        ),
    ),
    Word(
        "non-classificato",
        _("Non classificato"),
        _(
            "Una scheda a cui né il documento né la redazione danno un valore in una classificazione. Se si considera "
            "solo la classificazione del documento, una scheda a cui il documento non ne dà: la redazione può averlo "
            "dato."
        ),
    ),
    Word(
        "objective",
        _("Obiettivo specifico (OS)"),
        _(
            "Uno degli obiettivi della programmazione 2021-27, nella proposta di regolamento FSE+ della "
            "Commissione europea (COM 2018-382), che il documento prende a riferimento: OS i per l’occupazione, "
            "OS ix per i servizi."
        ),
    ),
    Word(
        "op-4",
        _("OP 4"),
        _(
            "Obiettivo di policy 4, «Un’Europa più sociale», della programmazione 2021-27: il documento è scritto"
            " per il suo tavolo."
        ),
    ),
    Word(
        "passo",
        _("Passo"),
        _("Un titolo, un capoverso o un punto di elenco del documento. Ogni scheda cita i passi da cui viene."),
    ),
    Word(
        "por",
        _("POR"),
        _(
            "Programma operativo regionale: con quello dell’FSE ogni regione ha programmato nel 2014-2020 le "
            "risorse del fondo."
        ),
    ),
    Word(
        "premessa",
        _("Premessa"),
        _(
            "L’inizio del documento. Una scheda «solo citata in premessa» è tra le «ulteriori esperienze» che il "
            "documento nomina e dichiara di non riportare; le altre vengono dalla sua sezione principale, il "
            "Focus."
        ),
    ),
    Word(
        "redazione",
        _("Redazione"),
        _(
            "Chi cura il catalogo: scrive le sintesi, aggiunge le classificazioni che il documento non dà e "
            "spiega perché."
        ),
    ),
    Word(
        "scheda", _("Scheda"), _("La pagina di un’iniziativa o di una misura: i numeri del catalogo contano le schede.")
    ),
    Word(
        "sector",
        _("Settore prioritario"),
        _(
            "Uno dei settori dell’Allegato D che il documento riporta sotto un obiettivo; quelli segnati «dalla "
            "premessa» ripetono le parole della premessa."
        ),
    ),
    Word(
        "versione",
        _("Versione del contenuto"),
        _(
            "Il codice che identifica il testo di una pagina in un dato momento: cambia solo se cambia il "
            "contenuto, e si indica nelle citazioni."
        ),
    ),
)


@public_page
def glossary(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    in_order = sorted(WORDS, key=lambda word: str(word.word).casefold())
    return render(request, "site/glossary.html", {"words": in_order})
