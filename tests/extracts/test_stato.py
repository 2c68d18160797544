"""When too many refused rows make an extract incomplete, and what its office is told.

Belongs here: the state of an extract and its reason, from files. Does not belong here: what becomes
of the indicators that need it (tests/scorecard/test_anno_aperto.py).
"""

from random import Random

import pytest

from tests.extracts.sistema import Ingerisci, Ingestito
from tests.indicatori import zona
from tests.reference.lettura import stato_di

SEDUTE, FTE = "segreteria/sedute", "kronos/fte"


def sedute(*righe: str) -> bytes:
    """A file of sedute. `b7` is seduta 7, `c7` the same with an impossible day, `x7` has too many
    fields, `k7` another seduta 7."""
    testo = ["id_seduta;organo;data;esito"]
    for riga in righe:
        giorno = "2020-02-31" if riga[0] == "c" else "2020-03-15"
        organo = "CONSIGLIO" if riga[0] == "k" else "GIUNTA"
        troppi = ";;!" if riga[0] == "x" else ""
        testo.append(f"{riga[1:]};{organo};{giorno};SVOLTA{troppi}")
    return ("\n".join(testo) + "\n").encode()


def consegna(ingerisci: Ingerisci, *parti: bytes) -> Ingestito:
    nomi = [zona.percorso("MS", 2020, SEDUTE, f"-{n}") for n in range(1, len(parti) + 1)]
    return ingerisci(SEDUTE, dict(zip(nomi, parti, strict=True)))


INCOMPLETI = {
    "half of four is not three": ([("c1", "c2", "b3", "b4")], None),
    "all of two is not three": ([("c1", "c2")], None),
    "three of seven is less than half": ([("c1", "c2", "c3", "b4", "b5", "b6", "b7")], None),
    "three of six is half": ([("c1", "c2", "c3", "b4", "b5", "b6")], "3 righe su 6"),
    "a row with too many fields is refused": ([("x1", "c2", "c3", "b4")], "3 righe su 4"),
    "keys in conflict are refused": ([("b1", "k1", "b2", "k2", "b3")], "4 righe su 5"),
    "a part by itself": (
        [("c1", "c2", "c3", "b4", "b5"), tuple(f"b{n}" for n in range(10, 40))],
        "3 righe su 5",
    ),
    "small parts together": ([("c1", "c2"), ("c3", "b4"), ("c5", "b6")], "4 righe su 6"),
    "small parts together, less than half": ([("c1", "c2"), ("c3", "b4", "b5", "b6", "b7")], None),
    "a part again takes nothing away": ([("b1", "b2", "b3", "b4"), ("b1", "b2", "b3", "b4")], None),
    "repeated rows do not dilute": (
        [("c1", "c2", "c3", "b4", "b5", "b5", "b5", "b5", "b5")],
        "3 righe su 5",
    ),
}


@pytest.mark.parametrize(("parti", "detto"), INCOMPLETI.values(), ids=INCOMPLETI.keys())
def test_half_of_the_rows_and_three_make_an_extract_incomplete(
    ingerisci: Ingerisci, parti: list[tuple[str, ...]], detto: str | None
) -> None:
    trovato = consegna(ingerisci, *(sedute(*righe) for righe in parti))
    if detto is None:
        assert (trovato.stato, trovato.motivo) == ("PRESENTE", None)
    else:
        assert trovato.stato == "INCOMPLETO"
        assert (trovato.motivo or "").startswith(f"{detto} rifiutate: MS/2020/segreteria/sedute-1")
    assert stato_di(trovato.lettura) == trovato.stato


def test_rows_are_counted_and_not_broken_rules(ingerisci: Ingerisci) -> None:
    """Each of two rows breaks three rules; the other two are sound."""
    testo = b"id_seduta;organo;data;esito\n;X;oggi;Y\n;X;oggi;Y\n1;GIUNTA;2020-01-01;SVOLTA\n"
    trovato = consegna(ingerisci, testo)
    assert len(trovato.scarti) > 3
    assert trovato.stato == "PRESENTE"


def test_an_office_reads_what_was_found_where_and_what_to_do(ingerisci: Ingerisci) -> None:
    trovato = consegna(ingerisci, sedute("c1", "x2", "c3", "c4"))
    assert trovato.motivo == (
        "4 righe su 4 rifiutate: MS/2020/segreteria/sedute-1.csv, soprattutto per la regola tipo nella "
        "colonna data (3 righe, ad esempio riga 2 «2020-02-31»); scrivere nella colonna data una data "
        "che esiste, gg/mm/aaaa, ad esempio 31/12/2020; poi consegnare di nuovo il file."
    )


def test_a_reason_does_not_grow_with_the_parts_nor_the_values(ingerisci: Ingerisci) -> None:
    lungo = b"id_seduta;organo;data;esito\n" + b"1;GIUNTA;" + b"z" * 5000 + b";SVOLTA\n"
    trovato = consegna(ingerisci, *[lungo + lungo.split(b"\n", 1)[1] * 2] * 12)
    assert "Così altri 9 file." in (trovato.motivo or "")
    assert len(trovato.motivo or "") < 1500


def test_a_personal_value_is_not_quoted(ingerisci: Ingerisci) -> None:
    """Two people, each with two rows under one key that differ."""
    testo = (
        "matricola;codice_processo;natura;percentuale_tempo;mesi_servizio;percentuale_part_time\n"
        "ROSSI;C2.7.2;INTERNO;40;12;100\nROSSI;C2.7.2;INTERNO;50;12;100\n"
        "VERDI;C2.7.2;INTERNO;40;12;100\nVERDI;C2.7.2;INTERNO;50;12;100\n"
    )
    trovato = ingerisci(FTE, {zona.percorso("MS", 2020, FTE): testo.encode()})
    assert trovato.stato == "INCOMPLETO"
    motivo = trovato.motivo or ""
    assert "chiave_in_conflitto" in motivo
    assert "«***»" in motivo
    assert "ROSSI" not in motivo
    assert "VERDI" not in motivo


@pytest.mark.parametrize("consegne", [20, pytest.param(200, marks=pytest.mark.lungo)])
def test_the_state_is_the_references_on_random_deliveries(
    ingerisci: Ingerisci, consegne: int
) -> None:
    caso, visti = Random(20), set()
    for _ in range(consegne):
        parti = [
            sedute(
                *(f"{caso.choice('bbbcckx')}{caso.randrange(12)}" for _ in range(caso.randrange(9)))
            )
            for _ in range(caso.randrange(1, 4))
        ]
        trovato = consegna(ingerisci, *parti)
        assert trovato.stato == stato_di(trovato.lettura)
        visti.add(trovato.stato)
    assert visti == {"PRESENTE", "INCOMPLETO"}
