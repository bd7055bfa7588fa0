"""From the bytes of messages to columnar chunks; what cannot be read becomes dead letters."""
