"""Commands for the admin: thin, each a few lines over a flow; exit codes come from errors.py."""
