"""Past one machine: what many workers make, in one catalogue and one bucket."""
