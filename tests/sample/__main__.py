"""Writes the sample; or synthetic extracts of other chambers and years. `python -m tests.sample --help`."""

import argparse
from pathlib import Path

from pipelines.desk import opzioni
from pipelines.settings import ROOT
from tests.sample.genera import ESERCIZI, PRATICHE, generate
from tests.sample.seconda import CAMERA, generate_second


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sample", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "raw", help="the landing zone (raw/)")
    parser.add_argument("--camera", type=opzioni.camera, nargs="+", help="the sample's, MS and VX")
    parser.add_argument("--esercizio", type=opzioni.esercizio, nargs="+", default=ESERCIZI)
    parser.add_argument("--pratiche", type=int, default=PRATICHE, help="pratiche of a year")
    options = parser.parse_args()
    if not options.camera:
        print(f"{CAMERA}: {len(generate_second(options.into))} file in {options.into / CAMERA}")
    for camera in options.camera or ["MS"]:
        written = generate(options.into, camera, options.esercizio, pratiche=options.pratiche)
        print(f"{camera}: {len(written)} file in {options.into / camera}")


if __name__ == "__main__":
    main()
