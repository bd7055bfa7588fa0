"""A connection to a cluster: statements prepared once, many questions at a time, every error in words."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final

from cassandra import ConsistencyLevel, ProtocolVersion
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import (
    EXEC_PROFILE_DEFAULT,
    Cluster,
    ExecutionProfile,
    Session,
)
from cassandra.policies import (
    ConstantReconnectionPolicy,
    DCAwareRoundRobinPolicy,
    TokenAwarePolicy,
)
from cassandra.query import BoundStatement, PreparedStatement, SimpleStatement, tuple_factory

from pipelines.storage.base import StoreError
from pipelines.storage.cassandra.access import Access, access_from
from pipelines.storage.cassandra.place import CassandraPlace, place_of
from pipelines.storage.cassandra.words import in_words, values_in_words
from pipelines.storage.url import StoreUrl

ANSWER_SECOND: Final = 2.5
"""How long an answer is waited for. Whoever asked is told then, and asks again if it matters."""
SCAN_SECOND: Final = 15.0
"""The same for a piece of a whole table."""
SCAN_WINDOW: Final = 6
"""How many such pieces are under way at most: each of them keeps a core of a node busy."""
CHANGE_SECOND: Final = 60.0
"""The same where tables are made, changed or emptied."""
CONNECT_SECOND: Final = 5.0
"""A node that is there but busy takes a while to let one in."""
RECONNECT_SECOND: Final = 1.0
HEARTBEAT_SECOND: Final = 5
WINDOW: Final = 128
"""How many questions are under way at most."""

Values = Sequence[Any]
Row = tuple[Any, ...]
Question = tuple[str, Values]
"""A statement and what is bound to it."""

_LOGGER = logging.getLogger(__name__)


class CassandraSession:
    """Asks one cluster. May be shared by threads.

    Attributes:
        url: As it is named to people.
        place: The same, taken apart.
    """

    def __init__(self, url: StoreUrl, place: CassandraPlace, cluster: Cluster, session: Session) -> None:
        self.url = url
        self.place = place
        self._cluster = cluster
        self._session = session
        self._prepared: dict[str, PreparedStatement] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def datacenter(self) -> str:
        """The one that is written to."""
        return self.place.datacenter or str(self.change("SELECT data_center FROM system.local")[0][0])

    @property
    def node_count(self) -> int:
        """Nodes of the datacenter that is written to, up or down."""
        name = self.datacenter
        return sum(host.datacenter == name for host in self._cluster.metadata.all_hosts())

    def ask(self, text: str, values: Values = ()) -> list[Row]:
        """The rows that one question finds."""
        return self.ask_all([(text, values)])[0]

    def ask_all(
        self, questions: Iterable[Question], *, window: int = WINDOW, second: float = ANSWER_SECOND
    ) -> list[list[Row]]:
        """The rows that each of the questions finds, asked at the same time.

        Args:
            questions: In the order of the answers.
            window: How many of them are under way at most.
            second: How long to wait for each page of an answer [s].

        Raises:
            StoreAwayError: One was not answered.
        """
        under_way: deque[Any] = deque()
        answers: list[list[Row]] = []
        for text, values in questions:
            bound = self.bound(text, values)
            with in_words(self.url):
                if len(under_way) >= window:
                    answers.append(list(under_way.popleft().result()))
                under_way.append(self._session.execute_async(bound, timeout=second))
        with in_words(self.url):
            answers.extend(list(future.result()) for future in under_way)
        return answers

    def decide(self, text: str, values: Values) -> bool:
        """Whether a conditional write was applied. Never tried again here: it may have been."""
        bound = self.bound(text, values)
        bound.is_idempotent = False
        with in_words(self.url):
            return bool(self._session.execute(bound, timeout=SCAN_SECOND).was_applied)

    def change(self, text: str, values: Values = ()) -> list[Row]:
        """Run a statement that is not worth preparing; values take the places of ``%s``."""
        self._refuse_closed()
        statement = SimpleStatement(text, is_idempotent=True)
        with in_words(self.url):
            return list(self._session.execute(statement, tuple(values) or None, timeout=CHANGE_SECOND))

    def change_all(self, texts: Iterable[str]) -> None:
        """Run many of them at the same time."""
        self._refuse_closed()
        with in_words(self.url):
            futures = [self._session.execute_async(SimpleStatement(text), timeout=CHANGE_SECOND) for text in texts]
            for future in futures:
                future.result()

    def bound(self, text: str, values: Values) -> BoundStatement:
        """The statement, ready to be sent.

        Raises:
            StoreError: A value does not fit; the connection is closed.
        """
        prepared = self._prepared.get(text) or self._prepare(text)
        with values_in_words(self.url):
            return prepared.bind(values)

    def send(self, statement: Any) -> Any:
        """Begin to run a bound statement or batch; ``result()`` of what comes back raises the driver's errors."""
        self._refuse_closed()
        return self._session.execute_async(statement, timeout=ANSWER_SECOND)

    def forget_statements(self) -> None:
        """Prepare them anew: tables were changed."""
        with self._lock:
            self._prepared = {}

    def close(self) -> None:
        """Let go of all connections; does nothing when it was done before."""
        self._closed = True
        self._cluster.shutdown()

    def _prepare(self, text: str) -> PreparedStatement:
        self._refuse_closed()
        with self._lock, in_words(self.url):
            if text not in self._prepared:
                prepared = self._session.prepare(text)
                prepared.is_idempotent = True
                self._prepared[text] = prepared
            return self._prepared[text]

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StoreError(f"{self.url} was closed: open it again.")


def connect(url: StoreUrl) -> CassandraSession:
    """Connect to the nodes that the URL names, as the environment says who asks.

    Raises:
        StoreAwayError: None of them answers within a few seconds.
        StoreError: URL or environment are wrong, or the nodes refuse us.
    """
    place, access = place_of(url), access_from(os.environ)
    _keep_driver_quiet()
    with in_words(url):
        cluster = _cluster(place, access)
        try:
            return CassandraSession(url, place, cluster, _session(cluster))
        except BaseException as error:
            cluster.shutdown()
            _refuse_wrong_datacenter(url, place, cluster, error)
            raise


def _session(cluster: Cluster) -> Session:
    session = cluster.connect()
    # There is no option for how long to wait for a statement to be prepared.
    session._default_timeout = ANSWER_SECOND  # noqa: SLF001
    return session


def _refuse_wrong_datacenter(url: StoreUrl, place: CassandraPlace, cluster: Cluster, cause: BaseException) -> None:
    names = {host.datacenter for host in cluster.metadata.all_hosts()} - {None}
    if place.datacenter and names and place.datacenter not in names:
        known = ", ".join(sorted(names))
        raise StoreError(f"{url}: there is no datacenter {place.datacenter}: its nodes are in {known}.") from cause


def _cluster(place: CassandraPlace, access: Access) -> Cluster:
    login = PlainTextAuthProvider(access.username, access.password) if access.username else None
    return Cluster(
        list(place.contact_points),
        auth_provider=login,
        ssl_context=access.tls,
        # Of Cassandra 4 and newer; left open, versions of other servers are tried first, each with a new connection.
        protocol_version=ProtocolVersion.V5,
        execution_profiles={EXEC_PROFILE_DEFAULT: _profile(place)},
        reconnection_policy=ConstantReconnectionPolicy(RECONNECT_SECOND, max_attempts=None),
        connect_timeout=CONNECT_SECOND,
        control_connection_timeout=CONNECT_SECOND,
        idle_heartbeat_interval=HEARTBEAT_SECOND,
        idle_heartbeat_timeout=HEARTBEAT_SECOND,
        monitor_reporting_enabled=False,
        application_name="chargetracker",
    )


def _profile(place: CassandraPlace) -> ExecutionProfile:
    local = place.consistency == "local_quorum"
    return ExecutionProfile(
        load_balancing_policy=TokenAwarePolicy(DCAwareRoundRobinPolicy(place.datacenter or "")),
        consistency_level=ConsistencyLevel.name_to_value[place.consistency.upper()],
        serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL if local else ConsistencyLevel.SERIAL,
        request_timeout=ANSWER_SECOND,
        row_factory=tuple_factory,
    )


class _Forward(logging.Handler):
    """Hands the driver's lines to our own logger: what of them is an error is raised as one, in words."""

    def emit(self, record: logging.LogRecord) -> None:
        if _LOGGER.isEnabledFor(logging.DEBUG):
            _LOGGER.debug("driver: %s", record.getMessage(), exc_info=record.exc_info)


def _keep_driver_quiet() -> None:
    driver = logging.getLogger("cassandra")
    if not any(isinstance(handler, _Forward) for handler in driver.handlers):
        driver.addHandler(_Forward())
        driver.propagate = False
