"""Hostile and unlucky input: a corpus of bad files with their fate, a fuzzer, and what may leak."""
