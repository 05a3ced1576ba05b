"""The cases, a module each."""
