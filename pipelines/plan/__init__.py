"""The allegato: read into rows that know their line, checked, never changed."""
