"""How the graph is run."""
