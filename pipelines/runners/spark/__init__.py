"""The graph as one bounded job after another on a Spark cluster."""

from pipelines.runners.spark.run import run_spark

__all__ = ["run_spark"]
