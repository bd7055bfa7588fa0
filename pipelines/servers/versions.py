"""Which servers these are. After a change: ``python -m pipelines.servers.pin``."""

from __future__ import annotations

KAFKA = "4.4.0"
CASSANDRA = "5.0.9"

ROOTS = {
    # Kafka brings log4j and slf4j 1.7, but not what joins the two; log4j-slf4j2-impl would be for slf4j 2.
    "kafka": (f"org.apache.kafka:kafka_2.13:{KAFKA}", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5"),
    "cassandra": (f"org.apache.cassandra:cassandra-all:{CASSANDRA}",),
}
"""What Maven is asked for; all that it brings along is in the lists in ``jars/``."""
