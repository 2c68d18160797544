"""The layouts of plans: each sees rows and cells only, and knows no format."""
