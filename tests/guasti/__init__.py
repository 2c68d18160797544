"""Faults: runs that are killed, starved, robbed of their files, and what readers see meanwhile.

`python -m tests.guasti` tries them all and prints one table; the ordinary suite tries a few of each.
"""
