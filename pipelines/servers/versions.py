"""Which servers these are. After a change: ``python -m pipelines.servers.pin``."""

from __future__ import annotations

KAFKA = "4.4.0"
CASSANDRA = "5.0.9"
SPARK = "3.5.9"
FLINK = "1.19.0"
"""The one that Beam's runner was built with."""
BEAM_JAVA = "2.70.0"
"""Of the runners in Java; they take what newer Python SDKs submit."""

ROOTS = {
    # Kafka brings log4j and slf4j 1.7, but not what joins the two; log4j-slf4j2-impl would be for slf4j 2.
    "kafka": (f"org.apache.kafka:kafka_2.13:{KAFKA}", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5"),
    "cassandra": (f"org.apache.cassandra:cassandra-all:{CASSANDRA}",),
    # Flink itself comes with Beam's runner, but for its web page. There is no job service of the runner's version.
    "flink": (
        f"org.apache.beam:beam-runners-flink-1.19:{BEAM_JAVA}",
        f"org.apache.beam:beam-sdks-java-expansion-service:{BEAM_JAVA}",
        "org.apache.beam:beam-runners-java-job-service:2.65.0",
        f"org.apache.flink:flink-runtime-web:{FLINK}",
        "org.slf4j:slf4j-simple:2.0.16",
    ),
    # One list for cluster, executors and job server. Beam's runner would bring parts of an older Spark.
    "spark": (
        *(f"org.apache.spark:spark-{part}_2.12:{SPARK}" for part in ("streaming", "common-utils", "sql-api", "tags")),
        f"org.apache.spark:spark-unsafe_2.12:{SPARK}",
        f"org.apache.beam:beam-runners-spark-3:{BEAM_JAVA}",
        f"org.apache.beam:beam-sdks-java-expansion-service:{BEAM_JAVA}",
        "org.apache.beam:beam-runners-java-job-service:2.65.0",
    ),
}
"""What Maven is asked for; all that it brings along is in the lists in ``jars/``."""

LEFT_OUT = {
    "org.apache.beam:beam-runners-java-job-service": "org.apache.beam",
    # 59 MB that only a history server would use.
    "org.apache.spark:spark-streaming_2.12": "org.rocksdb",
}
"""Groups whose jars a root does not bring along, because another root has newer ones, or nobody needs them."""
