"""What can be polled: no Beam in here."""
