"""The morning mail: what a night changed, what is late, what a failure is; told once, lost never."""
