"""The one order of a night: what there is to do, the steps, what became of them."""
