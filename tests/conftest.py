"""For all tests: the real servers that some of them ask for."""

pytest_plugins = ["tests.real_servers"]
