"""What offices owe: the extracts' declarations, their words, the remedies, the evaluator's rules."""
