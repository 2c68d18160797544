"""The rows of the sample, a module for each group of offices; every one of them is found."""
