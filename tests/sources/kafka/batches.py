"""Record batches as kafka-python's own producer writes them."""

import struct

from crc32c import crc32c
from kafka.record.default_records import DefaultRecordBatchBuilder

NO_COMPRESSION, GZIP, SNAPPY, LZ4, ZSTD = range(5)
CODECS = (NO_COMPRESSION, GZIP, SNAPPY, LZ4, ZSTD)

_CRC_PLACE, _ATTRIBUTES_PLACE = 17, 21


def batch_of(records, codec=NO_COMPRESSION, base_offset=0):
    """Records as (key, value) or (key, value, headers); offsets follow one another from ``base_offset``."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 30,
    )
    for number, (key, value, *headers) in enumerate(records):
        builder.append(number, 1_700_000_000_000 + 7 * number, key, value, headers[0] if headers else [])
    return with_base(bytes(builder.build()), base_offset)


def with_base(batch, base_offset):
    """As the broker does it: what the checksum covers stays."""
    return struct.pack(">q", base_offset) + batch[8:]


def with_attributes(batch, bits):
    """With more attributes, and the right checksum."""
    changed = bytearray(batch)
    changed[_ATTRIBUTES_PLACE + 1] |= bits
    struct.pack_into(">I", changed, _CRC_PLACE, crc32c(bytes(changed[_ATTRIBUTES_PLACE:])))
    return bytes(changed)


def readings(count, start=0):
    """Something like readings, with keys."""
    return [
        (b"W%02d" % (k % 7), b'{"battery_id":"W%02d","test_time_second":%d.5}' % (k % 7, k))
        for k in range(start, start + count)
    ]
