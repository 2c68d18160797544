"""Files as office programs really make them, and what their offices would say is right.

`casi/` holds one folder per delivery, to lay over the sample of 2020 (`remove.txt` names what it takes
away); piantati.py plants one fault of a known kind in a clean random delivery.
"""
