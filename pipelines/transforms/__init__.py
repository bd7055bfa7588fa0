"""The Beam shell: thin transforms around plain functions."""
