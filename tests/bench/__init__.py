"""What a night costs, beside what it cannot cost less than. Scripts that are run alone lie beside."""
