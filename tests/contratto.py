"""What the contract binds us to have: more may be, none of these may be missing.

Belongs here: the only lists of indicators and extracts kept by hand. Does not belong here: what is there,
which every other test finds by itself.
"""

SEDICI = (
    "ISR_STUDI",
    "ATTIVITA_RILANCIO",
    "RISORSE_INNOVAZIONE_PER_IMPRESA",
    "INCIDENZA_GESTIONE_DIRETTA",
    "INCIDENZA_CONTRIBUTI_IMPRESE",
    "DOMANDE_PROPRIETA_INDUSTRIALE",
    "CONCILIAZIONI_PER_FTE",
    "VERIFICHE_METRICHE",
    "TEMPO_MEDIO_PRATICHE_RI",
    "DELIBERE",
    "SEDUTE",
    "INDICE_TRASPARENZA",
    "ACCESSI_NEI_TERMINI",
    "WELFARE",
    "FORMAZIONE",
    "INCIDENZA_CONSIP",
)
"""The indicators of the contract, in the order of the plan of 2020."""

DICIANNOVE = (
    "isr/studi",
    "cciaa/attivita",
    "contabilita/costi_processo",
    "contabilita/interventi_economici",
    "contabilita/consuntivo",
    "registro_imprese/pratiche",
    "registro_imprese/consistenza",
    "brevetti/domande",
    "conciliazione/procedimenti",
    "kronos/fte",
    "metrico/attivita",
    "segreteria/atti",
    "segreteria/sedute",
    "segreteria/trasparenza",
    "segreteria/accessi",
    "segreteria/personale",
    "segreteria/welfare",
    "segreteria/formazione",
    "provveditorato/pagamenti",
)
"""The extracts of the contract."""
