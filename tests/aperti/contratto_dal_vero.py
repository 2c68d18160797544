"""A published file held against its own contract by datacontract-cli: `make open-data`.

    python contratto_dal_vero.py warehouse

Belongs here: running that program, in an environment that has nothing of ours, schema by schema. Does not
belong here: what the contract says (pipelines/scorecard/odcs.py), the small form of this (test_aperti.py).
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from datacontract.data_contract import DataContract


def main(warehouse: Path) -> int:
    """How many schemas do not hold; each is told, with what is wrong."""
    publication = (warehouse / "corrente").resolve()
    contract = json.loads((publication / "scorecard/contratto.odcs.json").read_text("utf-8"))
    failed = 0
    for server in contract["servers"]:
        schema = server["schema"]
        part = contract | {
            "servers": [server | {"database": str(publication / "pira.duckdb")}],
            "schema": [t for t in contract["schema"] if t["name"].startswith(f"{schema}.")],
        }
        with TemporaryDirectory() as folder:
            path = Path(folder) / "contratto.odcs.yaml"
            path.write_text(json.dumps(part), "utf-8")
            run = DataContract(data_contract_file=str(path), server=server["server"]).test()
        wrong = [check for check in run.checks if check.result != "passed"]
        print(f"{schema}: {len(run.checks)} checks, {len(wrong)} not passed", flush=True)
        for check in wrong:
            print(f"  {check.model}: {check.name}: {check.reason}")
        failed += bool(wrong) or run.result != "passed"
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
