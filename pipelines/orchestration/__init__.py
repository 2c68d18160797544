"""The night as Dagster sees it: assets, checks, job, schedule, sensors. What they do stands in steps.py."""
