"""The header of a table: which column is which, by the names on one row or more.

Belongs here: names, years, what a column of weights speaks of. Does not belong here: what a row below says
(tabella.py), which names there are (ruoli.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.plan.documento import Cella, Riga
from pipelines.plan.model import Anomalia, Luogo
from pipelines.plan.regole import anomalia, cita
from pipelines.plan.ruoli import cut_role, level_of, reduced, role_of, year_from, year_of

_NOMI_STAMPATI = {
    "tipologia": "TIPOLOGIA",
    "ultimo_valore": "Ultimo valore osservato",
    "traguardo": "Target",
    "tipo_indicatore": "Tipo indicatore",
    "algoritmo": "Algoritmo di calcolo",
    "fonte": "Fonte",
    "risultato": "Risultato",
    "realizzazione": "% Realizz",
    "note": "NOTE",
}

_DI_UN_OBIETTIVO = (
    *("titolo", "descrizione", "stakeholder_esterni", "stakeholder_interni", "arco_temporale"),
    *("centro_responsabilita", "risorse_preventivo", "peso_obiettivo"),
)
DELL_OBIETTIVO = (
    *("missione", "programma", "obiettivo_strategico", "obiettivo", "codice_obiettivo"),
    *_DI_UN_OBIETTIVO,
)
"""The roles of columns that speak of the objective of a row."""

_NON_DEL_PIANO = ("risultato", "realizzazione", "altro", "ignora")


@dataclass(frozen=True)
class Contesto:
    """What a table is read with: the plan's year, the labels and words that a mapping file names, and
    whether results will be written into the text itself."""

    anno: int | None = None
    etichette: Mapping[str, str] = field(default_factory=dict)
    parole: Mapping[str, str] = field(default_factory=dict)
    posti: bool = True


@dataclass(frozen=True)
class Intestazione:
    """The header of a table, from one row or more.

    `colonne` says where each known column stands and `traguardi` the year of each target column, none
    where each cell says its own; `etichette` has the text of every column. `relativa`: a year of it counts
    from the plan's.
    """

    riga: Luogo
    etichette: tuple[str, ...]
    colonne: dict[str, int]
    traguardi: dict[int, int | None]
    anno_ultimo_valore: int | None
    anno_risultato: int | None
    relativa: bool
    anomalie: tuple[Anomalia, ...]

    @property
    def dell_obiettivo(self) -> bool:
        """Whether its rows name their objective."""
        return "obiettivo" in self.colonne

    def anni(self) -> list[int]:
        """The years of its targets."""
        return [anno for anno in self.traguardi.values() if anno is not None]


SOLO = Contesto()
"""A table read by itself."""


def read_intestazione(riga: Riga, contesto: Contesto = SOLO) -> Intestazione | None:
    """The header that a row is; None where it is none."""
    return _if_header(_intestazione(riga, [cella.testo for cella in riga.celle], contesto))


def _if_header(intestazione: Intestazione) -> Intestazione | None:
    altre = {"ultimo_valore", "traguardo", "algoritmo", "tipo_indicatore", "risultato"}
    noti = altre & intestazione.colonne.keys()
    basta = 0 if intestazione.dell_obiettivo or intestazione.anni() else 1
    return intestazione if "indicatore" in intestazione.colonne and len(noti) > basta else None


def read_seconda_riga(
    prima: Intestazione, riga: Riga, contesto: Contesto = SOLO
) -> Intestazione | None:
    """The whole header where a row is the second of it; None where it is not.

    A name on the second row stands for what is above it (`Risultato 2020` below `PESO`), or
    completes it (`2021` below `Target`).
    """
    piene = riga.piene()
    if not piene or column_text(prima, riga, "indicatore") or column_text(prima, riga, "tipologia"):
        return None
    sopra = Riga(prima.riga, "", tuple(Cella(testo) for testo in prima.etichette))
    etichette = _join(sopra, riga, contesto)
    return None if etichette is None else _intestazione(sopra, etichette, contesto)


def read_insieme(righe: Sequence[Riga], contesto: Contesto) -> tuple[Intestazione, int] | None:
    """The header that begins with the first of some rows, and how many of them it takes.

    Names may stand above (`TARGET` over the years, a year over `Target` and `%`) or below.
    """
    prima = read_intestazione(righe[0], contesto)
    migliore = (prima, 1) if prima else None
    sopra, etichette = righe[0], [cella.testo for cella in righe[0].celle]
    nomi = [_is_name(testo, contesto) for testo in etichette if testo]
    if not any(nomi) or (prima is None and not all(nomi)):
        return None
    for quante, sotto in enumerate(righe[1:3], start=2):
        if prima is not None and (column_text(prima, sotto, "indicatore") or not sotto.piene()):
            break
        unite = _join(sopra, sotto, contesto)
        if unite is None:
            break
        intera = _if_header(_intestazione(righe[0], unite, contesto))
        if intera and (migliore is None or _known(intera) > _known(migliore[0])):
            migliore = (intera, quante)
        colonne = {n: c.colonne for n, c in enumerate(righe[0].celle)}
        sopra = Riga(
            righe[0].numero,
            "",
            tuple(Cella(testo, colonne=colonne.get(n, 1)) for n, testo in enumerate(unite)),
        )
    if prima is None and migliore is not None:
        da_sola = read_insieme(righe[1:], contesto)
        if da_sola and _known(da_sola[0]) >= _known(migliore[0]):
            return None  # what stands above is no part of it
    return migliore


def _known(intestazione: Intestazione) -> tuple[int, int]:
    return len(intestazione.traguardi) + len(intestazione.colonne), -len(intestazione.anomalie)


def _is_name(testo: str, contesto: Contesto) -> bool:
    return bool(testo) and (
        role_of(testo, contesto.etichette) is not None
        or (year_of(testo) is not None and not reduced(testo))
    )


def _join(sopra: Riga, sotto: Riga, contesto: Contesto) -> list[str] | None:
    """The labels of two rows as one; None where the lower is no part of a header.

    A name above stands over the columns that it covers, or, in a format without merged cells, over the
    unnamed ones to its right.
    """
    larga = max(len(sopra.celle), len(sotto.celle))
    etichette = [cella.testo for cella in sopra.celle] + [""] * (larga - len(sopra.celle))
    coperte = dict(_covering(sopra))
    uniti = list(etichette)
    for indice in sotto.piene():
        testo = sotto.celle[indice].testo
        insieme = f"{etichette[indice]} {testo}".strip()
        esteso = f"{coperte.get(indice, '')} {testo}".strip()
        proprio = role_of(testo, contesto.etichette)
        mezzo = testo == "%" or proprio is None  # says nothing without what is above it
        for unito in [esteso] * (indice in coperte) + [insieme]:
            ruolo = role_of(unito, contesto.etichette)
            if ruolo and (mezzo or ruolo == proprio):
                uniti[indice] = unito
                break
        else:
            anno = year_of(testo) and not reduced(testo) and not etichette[indice]
            if not proprio and not anno:
                return None
            uniti[indice] = testo  # a year is to be named by the row below
    return uniti


def _covering(riga: Riga) -> list[tuple[int, str]]:
    """For every column without a name of its own, the name to its left that stands over it."""
    trovati = []
    ultimo, fino = "", -1
    fuse = any(cella.colonne > 1 for cella in riga.celle)
    for indice in range(len(riga.celle) + 12):
        cella = riga.celle[indice] if indice < len(riga.celle) else Cella("")
        if cella.testo:
            ultimo, fino = cella.testo, indice + cella.colonne - 1
        elif ultimo and (indice <= fino or not fuse):
            trovati.append((indice, ultimo))
    return trovati


def _intestazione(riga: Riga, etichette: Sequence[str], contesto: Contesto) -> Intestazione:
    colonne: dict[str, int] = {}
    traguardi: dict[int, int | None] = {}
    anomalie = []
    relativa = False
    viste: dict[str, str] = {}
    ruoli = [role_of(etichetta, contesto.etichette) for etichetta in etichette]
    strategico, di_quello = _upper(ruoli, etichette)
    for indice, etichetta in enumerate(etichette):
        if not etichetta:
            continue
        dove = riga.luogo(indice)
        nome = ruoli[indice]
        if nome is None and (nome := cut_role(etichetta)):
            anomalie.append(
                anomalia(
                    "etichetta_tagliata",
                    dove,
                    f"la colonna {cita(etichetta)} è incompleta e si legge come {cita(nome)}",
                    "scriverla per intero",
                )
            )
        if indice == strategico:
            nome = "obiettivo_strategico"
        elif indice in di_quello:
            anomalie.append(
                anomalia(
                    "colonna_sconosciuta",
                    dove,
                    f"la colonna {cita(etichetta)} è di {cita(etichette[strategico])} e non viene letta",
                    "metterla dopo l'altro obiettivo se è di quello",
                )
            )
            continue
        if nome and nome.startswith("traguardo "):
            traguardi[indice] = int(nome.split()[1])
            colonne.setdefault("traguardo", indice)
            continue
        detto = year_of(etichetta)
        anno = year_from(etichetta, contesto.anno)
        if nome == "consuntivo":
            # Before the plan's year it is the last value; of its own years it is no content of the plan.
            relativa = relativa or contesto.anno is None
            passato = detto is not None and contesto.anno is not None and detto < contesto.anno
            nome = "ultimo_valore" if passato else "altro"
        if nome == "traguardo":
            relativa = relativa or detto is None
            bare = detto is None and anno is None
            anno = contesto.anno if bare else anno
        if nome is None or (nome == "valenza" and "indicatore" not in map(_solo_ruolo, etichette)):
            anomalie.append(
                anomalia(
                    "colonna_sconosciuta",
                    dove,
                    f"la colonna {cita(etichetta)} non è di quelle note e non viene letta",
                    "usare i nomi dell'allegato, con l'anno per i target",
                )
            )
        elif nome == "traguardo" and (anno is None or anno not in traguardi.values()):
            traguardi[indice] = anno
            colonne.setdefault(nome, indice)
        elif nome in ("altro", "ignora"):
            continue
        elif nome in colonne and not (nome in _NON_DEL_PIANO and viste.get(nome) != etichetta):
            anomalie.append(
                anomalia(
                    "colonna_ripetuta",
                    dove,
                    f"la colonna {cita(etichetta)} è già stata vista e non viene letta",
                    "lasciarne una sola",
                )
            )
        else:
            viste.setdefault(nome, etichetta)
            colonne.setdefault(nome, indice)
    _place_weight(colonne, etichette)
    if "valenza" in colonne and "indicatore" in colonne and "algoritmo" not in colonne:
        colonne["algoritmo"], colonne["indicatore"] = colonne["indicatore"], colonne.pop("valenza")
    if "codice_e_indicatore" in colonne and "indicatore" not in colonne:
        colonne["indicatore"] = colonne["codice_e_indicatore"]
    ultimo = colonne.get("ultimo_valore")
    anno_ultimo = None if ultimo is None else year_from(etichette[ultimo], contesto.anno)
    relativa = relativa or (ultimo is not None and year_of(etichette[ultimo]) is None)
    if ultimo is not None and anno_ultimo is None:
        anomalie.append(
            anomalia(
                "colonna_senza_anno",
                riga.luogo(ultimo),
                f"la colonna {cita(etichette[ultimo])} non dice un anno",
                "aggiungerlo tra parentesi",
            )
        )
    mancanti = [stampato for nome, stampato in _NOMI_STAMPATI.items() if nome not in colonne]
    if mancanti and contesto.posti and "obiettivo" not in colonne:
        anomalie.append(
            anomalia(
                "intestazione_incompleta",
                riga.numero,
                f"all'intestazione mancano le colonne {', '.join(mancanti)}",
                "aggiungerle, o ciò che contengono non potrà essere letto né scritto",
            )
        )
    risultato = colonne.get("risultato")
    return Intestazione(
        riga.numero,
        tuple(etichette),
        colonne,
        traguardi,
        anno_ultimo,
        None if risultato is None else year_of(etichette[risultato]),
        relativa,
        tuple(anomalie),
    )


def _upper(ruoli: Sequence[str | None], etichette: Sequence[str]) -> tuple[int, set[int]]:
    """Of the columns of two levels of objectives that of the upper one, and those that speak of it; -1
    where the rows name one objective. The plan's is the lower: indicators and targets are its own."""
    livelli = {n: level_of(etichette[n]) for n, ruolo in enumerate(ruoli) if ruolo == "obiettivo"}
    if len(set(livelli.values())) < 2:
        return -1, set()
    sopra, sotto = (scelta(livelli, key=livelli.__getitem__) for scelta in (min, max))
    codici = [n for n, ruolo in enumerate(ruoli) if ruolo == "codice_obiettivo"]
    di_quello = {n for n in range(sopra, sotto) if ruoli[n] in (*_DI_UN_OBIETTIVO, "peso")}
    if len(codici) > 1:
        di_quello.add(codici[0] if sopra < sotto else codici[-1])
    return sopra, di_quello


def _solo_ruolo(etichetta: str) -> str | None:
    return role_of(etichetta)


def _place_weight(colonne: dict[str, int], etichette: Sequence[str]) -> None:
    """A column of weights is the objective's beside the objective's columns, else the indicator's."""
    indice = colonne.pop("peso", None)
    if indice is None:
        return
    prima = [n for n in range(indice) if etichette[n]]
    vicina = prima[-1] if prima else next((n for n in range(indice + 1, len(etichette))), None)
    di_chi = {n: nome for nome, n in colonne.items()}
    accanto = vicina is not None and di_chi.get(vicina) in DELL_OBIETTIVO
    nome = "peso_obiettivo" if accanto and "obiettivo" in colonne else "peso_indicatore"
    if nome in colonne:
        nome = "peso_indicatore" if nome == "peso_obiettivo" else "peso_obiettivo"
    colonne.setdefault(nome, indice)


def cell_text(riga: Riga, colonna: int | None) -> str | None:
    """The text of a column of a row; None where there is none."""
    if colonna is None or colonna >= len(riga.celle):
        return None
    return riga.celle[colonna].testo or None


def column_text(intestazione: Intestazione, riga: Riga, nome: str) -> str | None:
    """What a row has under a known name; None where it has nothing."""
    return cell_text(riga, intestazione.colonne.get(nome))
