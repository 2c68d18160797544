"""The offices' extracts: declared once, read as text, judged row by row, kept with their lines."""
