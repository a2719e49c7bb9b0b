"""`python -m app …`: everything `./dev` can do to a running or a stopped Handrail."""
