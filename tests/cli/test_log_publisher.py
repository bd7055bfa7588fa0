import base64
from itertools import pairwise

from pipelines.cli.log_publisher import BYTES_PER_MEGABYTE
from pipelines.cli.publisher import open_publisher
from pipelines.sources.log import LogWriter


def size_of(directory):
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def test_what_is_published_is_at_the_tail(tmp_path):
    with open_publisher(f"log://{tmp_path}", None) as publisher:
        publisher.publish(1, b"W00", [b"a", b"b"])
        publisher.publish(1, b"W01", [b"c"])
        assert publisher.tail(1, 1000) == [b"a", b"b", b"c"]
        assert publisher.tail(0, 1000) == []


def test_a_log_stays_below_its_size_and_loses_its_oldest_part(tmp_path):
    message = b"x" * 9_999
    with open_publisher(f"log://{tmp_path}", 1.0) as publisher:
        for number in range(400):
            publisher.publish(number % publisher.partitions, b"W00", [b"%04d" % number + message])
            assert size_of(tmp_path) <= 1.1 * BYTES_PER_MEGABYTE
        for partition in range(publisher.partitions):
            kept = [int(message[:4]) for message in publisher.tail(partition, 10 * BYTES_PER_MEGABYTE)]
            assert kept[-1] == 396 + partition
            assert all(later - earlier == publisher.partitions for earlier, later in pairwise(kept))


def test_a_log_without_a_limit_keeps_everything(tmp_path):
    with open_publisher(f"log://{tmp_path}", None) as publisher:
        for _ in range(200):
            publisher.publish(0, b"W00", [b"x" * 9_999])
    assert size_of(tmp_path) >= 2 * BYTES_PER_MEGABYTE


def test_the_partitions_of_a_log_that_is_there_are_kept(tmp_path):
    LogWriter(tmp_path, partitions=7).close()
    with open_publisher(f"log://{tmp_path}", 10.0) as publisher:
        assert publisher.partitions == 7


def test_what_is_in_the_log_is_acknowledged(tmp_path):
    with open_publisher(f"log://{tmp_path}", None) as publisher:
        publisher.publish(0, b"W00", [b"a", b"b"])
        publisher.publish(1, b"W01", [b"c"])
        publisher.flush()
        assert publisher.acknowledged == 3


def test_an_arrow_stream_becomes_a_line_of_text_and_others_stay_as_they_are(tmp_path):
    stream = b"\xff\xff\xff\xff\n\x00\n"
    with open_publisher(f"log://{tmp_path}", None) as publisher:
        publisher.publish(0, b"W00", [stream, b"{}"])
        assert publisher.tail(0, 1000) == [base64.b64encode(stream), b"{}"]
