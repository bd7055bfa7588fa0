"""Where rows and snapshots are kept: no Beam in here."""
