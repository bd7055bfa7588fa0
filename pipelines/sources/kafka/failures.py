"""What goes wrong with Kafka, in words for the person at the terminal; never with what a client was set to."""

from __future__ import annotations

import kafka.errors as errors

from pipelines.sources.base import SourceAwayError, SourceError
from pipelines.sources.kafka.connection import PREFIX, TopicAddress

_NOT_LET_IN = (
    errors.SaslAuthenticationFailedError,
    errors.UnsupportedSaslMechanismError,
    errors.IllegalSaslStateError,
)
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_DROPPED = ("socket disconnected", "Handshake failed", "Unable to bootstrap")
_AWAY = (errors.RetriableError, errors.UnknownBrokerIdError, OSError)
_NO_KAFKA = "InvalidReceiveError"
"""What comes is none of Kafka's answers: a TLS port answers a plain line with an alert of its own."""


def source_error(error: Exception, address: TopicAddress) -> SourceError:
    """The same failure as a `SourceError`; a `SourceAwayError` when it may pass by itself."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, errors.UnknownTopicOrPartitionError):
        return no_topic(address)
    if isinstance(error, _NOT_LET_IN):
        return SourceError(
            f"Kafka at {address.servers} does not let us in: check {PREFIX}SASL_MECHANISM, {PREFIX}USERNAME "
            f"and {PREFIX}PASSWORD."
        )
    if isinstance(error, errors.AuthorizationError):
        return SourceError(
            f"Kafka at {address.servers} does not allow this ({type(error).__name__}): have its administrator "
            f"grant the right for {address.topic}."
        )
    if isinstance(error, _AWAY):
        return away(address)
    return SourceError(f"Kafka at {address.servers} refuses: {type(error).__name__}: {error}")


def away(address: TopicAddress) -> SourceAwayError:
    """No broker answers."""
    return SourceAwayError(f"Kafka at {address.servers} does not answer: check that it runs, and its address.")


def contact_error(error: SourceError, address: TopicAddress, security_protocol: str) -> SourceError:
    """Why there is no line to a cluster; the library says that only in the text of what it raised first."""
    reason = str(error.__cause__)
    if _UNTRUSTED in reason:
        return SourceError(
            f"Kafka at {address.servers} shows a certificate that is not trusted, or is for another host: "
            f"name the file of its authority in {PREFIX}CA_FILE."
        )
    dropped = isinstance(error, SourceAwayError) and any(words in reason for words in _DROPPED)
    if not dropped and _NO_KAFKA not in reason:
        return error
    login = f", {PREFIX}SASL_MECHANISM, {PREFIX}USERNAME and {PREFIX}PASSWORD" if "SASL" in security_protocol else ""
    return SourceAwayError(
        f"Kafka at {address.servers} takes our connection and drops it: check {PREFIX}SECURITY_PROTOCOL"
        f" ({security_protocol} now){login}."
    )


def no_topic(address: TopicAddress) -> SourceError:
    """The brokers do not know the topic."""
    return SourceError(
        f"Kafka at {address.servers} has no topic {address.topic}: make it with "
        f"chargetracker topic init {address.url}, or correct the name."
    )
