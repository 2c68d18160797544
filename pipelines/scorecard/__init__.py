"""The results written back, each file in the form in which the plan was published."""
