"""What a person asks in a terminal: a run, a look at a file, where a figure comes from, health."""
