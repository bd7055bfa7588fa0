"""From readings to rows: sources, decode, analytics, stores, and the Beam graph that joins them."""
