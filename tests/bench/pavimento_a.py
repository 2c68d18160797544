"""The least: DuckDB reads what the average takes of one csv, typed as it comes, and keeps nothing."""

import sys

import duckdb

print(
    duckdb.sql(
        """
        select avg(greatest(0, date_diff('day', data_ora_arrivo::date, data_ora_chiusura::date)
            - coalesce(giorni_sospensione, 0)))
        from read_csv(?, header = true, delim = ';', quote = '"', auto_detect = false,
            timestampformat = '%d/%m/%Y %H:%M', columns = {
                'numero_protocollo': 'VARCHAR', 'canale': 'VARCHAR', 'data_ora_arrivo': 'TIMESTAMP',
                'data_ora_chiusura': 'TIMESTAMP', 'giorni_sospensione': 'BIGINT', 'esito': 'VARCHAR'})
        where canale = 'TELEMATICA' and esito = 'EVASA'
        """,
        params=[sys.argv[1:]],
    ).fetchall()
)
