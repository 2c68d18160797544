"""What any honest job must do with one csv: every cell as text with its line, kept; a typed table of it in a
database file; the same average. Nothing is checked, and a text that cannot be read fails the whole."""

import sys
from pathlib import Path

import duckdb

folder, *csv = Path(sys.argv[1]), *sys.argv[2:]
folder.mkdir()
connection = duckdb.connect(str(folder / "pavimento.duckdb"))
connection.execute(
    f"""
    copy (
        select row_number() over () + 1 as _riga, *
        from read_csv(?, header = true, delim = ';', quote = '"', auto_detect = false, columns = {{
            'numero_protocollo': 'VARCHAR', 'canale': 'VARCHAR', 'data_ora_arrivo': 'VARCHAR',
            'data_ora_chiusura': 'VARCHAR', 'giorni_sospensione': 'VARCHAR', 'esito': 'VARCHAR'}})
    ) to '{folder / "testi.parquet"}' (format parquet, compression lz4)
    """,
    [csv],
)
connection.execute(
    """
    create table pratiche as
    select
        'MS' as camera, 2020 as esercizio, numero_protocollo, canale,
        strptime(data_ora_arrivo, '%d/%m/%Y %H:%M') as data_ora_arrivo,
        strptime(data_ora_chiusura, '%d/%m/%Y %H:%M') as data_ora_chiusura,
        giorni_sospensione::bigint as giorni_sospensione, esito, ? as _file, _riga
    from read_parquet(?)
    """,
    [csv[0], str(folder / "testi.parquet")],
)
print(
    connection.execute(
        "select avg(greatest(0, date_diff('day', data_ora_arrivo::date, data_ora_chiusura::date)"
        " - coalesce(giorni_sospensione, 0))) from pratiche"
        " where canale = 'TELEMATICA' and esito = 'EVASA'"
    ).fetchall()
)
