"""Plain restatements of the contracts, written apart from the code that they judge."""
