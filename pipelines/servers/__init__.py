"""Real servers on this machine's loopback, without containers."""

from pipelines.servers.errors import ServerError
from pipelines.servers.fetch import CACHE_VARIABLE, default_cache
from pipelines.servers.flink_rest import FlinkRest
from pipelines.servers.jar_list import Jar
from pipelines.servers.lifecycle import kill
from pipelines.servers.node import Node, NodeStatus, State
from pipelines.servers.readiness import LOOPBACK
from pipelines.servers.settings import CASSANDRA_LOGIN, LOGIN_VARIABLES, CommitlogSync, Login
from pipelines.servers.stack import SETS, Stack
from pipelines.servers.watch import Watch

__all__ = [
    "CACHE_VARIABLE",
    "CASSANDRA_LOGIN",
    "LOGIN_VARIABLES",
    "LOOPBACK",
    "SETS",
    "CommitlogSync",
    "FlinkRest",
    "Jar",
    "Login",
    "Node",
    "NodeStatus",
    "ServerError",
    "Stack",
    "State",
    "Watch",
    "default_cache",
    "kill",
]
