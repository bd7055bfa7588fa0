"""The graph as a job of a Flink cluster."""

from pipelines.runners.flink.run import run_flink

__all__ = ["run_flink"]
