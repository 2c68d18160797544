"""Faults: runs that are killed, starved, robbed of their files, and what readers see meanwhile.

`make faults` (tests/faults.py) tries them all and prints one table; the ordinary suite tries a few of each.
"""
