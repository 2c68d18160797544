"""What argparse says by itself, in Italian: usage, help, and what is wrong with the words of a command.

Belongs here: its sentences, by the English ones that it looks up. Does not belong here: what our own
options want (opzioni.py).
"""

import argparse

_FRASI = {
    "usage: ": "uso: ",
    "positional arguments": "che cosa",
    "options": "opzioni",
    "show this help message and exit": "mostra questo aiuto",
    "%(prog)s: error: %(message)s\n": "%(prog)s: errore: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "manca %s",
    "unrecognized arguments: %s": "non si conosce %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s può essere %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r non c'è: scegliere tra %(choices)s"
    ),
    "expected one argument": "manca il valore",
    "expected at least one argument": "manca almeno un valore",
    "ignored explicit argument %r": "non vuole un valore, e ha %r",
}


def speak_italian() -> None:
    """Makes argparse speak Italian in this process: it offers no other way than a compiled catalogue that
    the machine's language would choose. What is not here stays as it is."""
    vars(argparse)["_"] = lambda sentence: _FRASI.get(sentence, sentence)
