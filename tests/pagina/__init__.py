"""Dagster's page as the operator sees it in the morning, in a real browser."""
