"""What the driver's errors become."""

import pytest
from cassandra import AuthenticationFailed, InvalidRequest, OperationTimedOut, Unauthorized, WriteTimeout, WriteType
from cassandra.cluster import NoHostAvailable
from cassandra.connection import ConnectionShutdown
from cassandra.protocol import OverloadedErrorMessage, SyntaxException

from pipelines.storage import StoreAwayError, StoreError
from pipelines.storage.cassandra.access import CA_FILE
from pipelines.storage.cassandra.words import in_words
from pipelines.storage.url import parse_url

URL = parse_url("cassandra://h/lab?replication=1")

FOR_NOW = [
    OperationTimedOut(),
    WriteTimeout("late", write_type=WriteType.SIMPLE),
    ConnectionShutdown("gone"),
    NoHostAvailable("none", {"h": ConnectionRefusedError(111, "Connection refused")}),
    NoHostAvailable("none", {}),
    OverloadedErrorMessage(0x1001, "busy", {}),
]
FOR_GOOD = {
    "user name or password": NoHostAvailable("none", {"h": AuthenticationFailed("bad credentials")}),
    "certificate": NoHostAvailable("none", {"h": OSError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")}),
    "may not do that": Unauthorized("no MODIFY permission"),
    "store init": InvalidRequest("table battery does not exist"),
    "no viable alternative": SyntaxException(0x2000, "no viable alternative", {}),
}


@pytest.mark.parametrize("error", FOR_NOW, ids=lambda error: type(error).__name__)
def test_what_may_pass_is_away(error):
    with pytest.raises(StoreAwayError) as raised, in_words(URL):
        raise error
    assert str(URL) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("said", FOR_GOOD)
def test_what_waiting_does_not_help_is_not_away(said):
    with pytest.raises(StoreError, match=said) as raised, in_words(URL):
        raise FOR_GOOD[said]
    assert not isinstance(raised.value, StoreAwayError)


def test_a_node_that_hangs_up_may_want_tls():
    for reason, hinted in ((ConnectionResetError(104, "reset"), True), (ConnectionRefusedError(111, "refused"), False)):
        with pytest.raises(StoreAwayError) as raised, in_words(URL):
            raise NoHostAvailable("none", {"h": reason})
        assert (CA_FILE in str(raised.value)) is hinted


def test_what_to_type_is_quoted_for_the_shell():
    with pytest.raises(StoreError, match=r"init 'cassandra://h/lab[?]replication=1'"), in_words(URL):
        raise InvalidRequest("no table")


def test_other_errors_are_nobody_elses():
    with pytest.raises(ZeroDivisionError), in_words(URL):
        raise ZeroDivisionError
