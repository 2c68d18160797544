"""What offices are given: empty templates, the folders of a new chamber, generated pages."""
