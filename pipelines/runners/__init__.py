"""How the graph is run. Nothing is imported here, so that who only wants to look at a run need not load Beam."""
