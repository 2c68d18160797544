"""What the open data of a publication say of who publishes them: holder, contact, licence.

Belongs here: what holds where the rules are silent. Does not belong here: the documents (datapackage.py,
odcs.py, dcat.py), the rules themselves (sql/regole.toml).
"""

from dataclasses import dataclass

import duckdb

from pipelines.contract.regolamento import LICENZE

LICENZA = "CC-BY-4.0"
"""The licence of the figures of a chamber that declares none."""


@dataclass(frozen=True)
class Titolare:
    """The chamber whose figures they are. `codice` is the one of the public index, or else its initials;
    `contatto` is a mail address, or None."""

    camera: str
    nome: str
    codice: str
    contatto: str | None
    licenza: str

    @property
    def indirizzo_licenza(self) -> str:
        return LICENZE[self.licenza]


def read_holders(connection: duckdb.DuckDBPyConnection) -> tuple[Titolare, ...]:
    """Who publishes the figures of each chamber of a build, in order."""
    rows = connection.execute(
        "select camera, titolare, codice_ipa, contatto, licenza from regole.dati_aperti order by camera"
    ).fetchall()
    return tuple(
        Titolare(
            camera,
            titolare or f"Camera di commercio, industria, artigianato e agricoltura ({camera})",
            codice or camera,
            contatto,
            licenza or LICENZA,
        )
        for camera, titolare, codice, contatto, licenza in rows
    )
