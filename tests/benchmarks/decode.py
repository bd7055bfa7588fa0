"""Decoding alone: raw messages of 100 batteries to chunks, beside msgspec's typed decoder alone."""

import msgspec

from pipelines.decoding import decode
from simulator import MESSAGE_FORMATS, encode
from tests.benchmarks.lab_messages import record_batch, slices
from tests.benchmarks.measure import rate, report
from tests.benchmarks.reference import PlainReading

BATTERIES = 100
SIZES = {"json": (20, 60_000), "columns": (600, 120_000), "arrow": (600, 120_000)}


def main() -> None:
    for message_format in MESSAGE_FORMATS:
        size, readings = SIZES[message_format]
        pieces = [part for piece in slices(BATTERIES, readings, size) for part in piece]
        count = sum(part.values.shape[1] for part in pieces)
        messages = [message for part in pieces for message in encode(part, message_format)]
        batch = record_batch(messages)

        def work(batch=batch, count=count) -> int:
            decode(batch)
            return count

        report("decode", message_format=message_format, readings_a_message=count / len(messages), **rate(work))
        if message_format == "json":
            plain = msgspec.json.Decoder(PlainReading).decode

            def reference(messages=messages, plain=plain) -> int:
                for message in messages:
                    plain(message)
                return len(messages)

            report("decode reference: msgspec alone, five fields", message_format="json", **rate(reference))


if __name__ == "__main__":
    main()
