"""Exports for the tests of the folder: an Arbin file that grows row by row."""

import json

HEADER = "Data_Point,Test_Time,DateTime,Step_Time,Step_Index,Cycle_Index,Current,Voltage\n"


def row(number, voltage=None, began=1_600_000_000):
    """A row each ten seconds; its voltage counts millivolts."""
    volt = 3.0 + number / 1000.0 if voltage is None else voltage
    return f"{number},{10 * number}.5,{began + 10 * number},{number}.25,7,2,-1.5,{volt:.4f}\n"


def rows(first, last, **known):
    return "".join(row(number, **known) for number in range(first, last + 1))


def append(path, text):
    with path.open("a", newline="") as file:
        file.write(text)


def read_on(source, partition, offset=0, max_bytes=1 << 20):
    """All messages from an offset on as (offset, content), and where the next poll stands."""
    found = []
    while (batch := source.poll(partition, offset, max_bytes)) is not None:
        assert (batch.partition, batch.first_offset, batch.closes) == (partition, offset, False)
        assert batch.next_offset > offset
        found += zip(batch.offsets.tolist(), batch.messages(), strict=True)
        offset = batch.next_offset
    return found, offset


def record_indexes(messages):
    return [json.loads(content)["record_index"] for _, content in messages]
