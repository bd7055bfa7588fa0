"""What the library raises, in words."""

import kafka.errors as errors
import pytest

from pipelines.sources.kafka.connection import TopicAddress
from pipelines.sources.kafka.failures import contact_error, source_error

ADDRESS = TopicAddress(("h:1",), "t")


@pytest.mark.parametrize(
    "raised",
    [
        errors.KafkaConnectionError("socket disconnected"),
        # The alert of a TLS port, read as the length of an answer.
        errors.InvalidReceiveError("Invalid frame length: 352518912"),
    ],
)
def test_a_port_that_wants_another_protocol_is_told_as_that(raised):
    error = source_error(raised, ADDRESS)
    error.__cause__ = raised
    assert "check CHARGETRACKER_KAFKA_SECURITY_PROTOCOL (PLAINTEXT now)" in str(
        contact_error(error, ADDRESS, "PLAINTEXT")
    )
