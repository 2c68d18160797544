"""The sheets of the workbook beside the plan's, in their order.

Belongs here: which they are. Does not belong here: any of them.
"""

from xlsxwriter import Workbook

from pipelines.scorecard.copertina import write_copertina
from pipelines.scorecard.foglio_passaporti import write_passaporti
from pipelines.scorecard.foglio_quarantena import write_quarantena
from pipelines.scorecard.lettura import write_lettura
from pipelines.scorecard.sheet import Scheda


def write_beside(workbook: Workbook, scheda: Scheda) -> None:
    """Write every sheet but the plan's, which stays the first: whoever reads the plan finds it there."""
    for write in (write_copertina, write_lettura, write_quarantena, write_passaporti):
        write(workbook, scheda)
