"""Readings out of a Kafka topic."""

from pipelines.sources.kafka.connection import TopicAddress, client_settings, parse_topic
from pipelines.sources.kafka.source import KafkaSource

__all__ = ["KafkaSource", "TopicAddress", "client_settings", "parse_topic"]
