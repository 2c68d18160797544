"""The public formats, one module each, which declares it as FORMATO (contract/pubblici.py)."""
