"""Why a job has failed, in one line of the many that Java and Python say."""

from __future__ import annotations

import re

_CAUSE = re.compile(r"^Caused by: (.*)", re.MULTILINE)
_OF_PYTHON = re.compile(r"^(?!java|org\.)[\w.]*(?:Error|Exception)\b.*", re.MULTILINE)


def reason_in(stack: str) -> str:
    """The one line that says why a job has failed.

    Args:
        stack: Java's; what Python has said is among it.
    """
    of_python, causes = _OF_PYTHON.findall(stack), _CAUSE.findall(stack)
    lines = of_python[-1:] or causes[-1:] or stack.splitlines()[:1] or ["the job has failed and does not say why"]
    return lines[0].strip()
