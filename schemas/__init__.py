"""What travels and what is kept. Imports nothing of ours; everything else imports it."""

from schemas.acknowledgement import (
    Acknowledgement,
    decode_acknowledgement,
    encode_acknowledgement,
)
from schemas.chunk import (
    DEAD_LETTER_KEY,
    DeadLetterChunk,
    Position,
    ReadingChunk,
    decode_chunk,
    encode_chunk,
)
from schemas.columns import ReadingColumns
from schemas.dead_letter import DeadLetter, Reason
from schemas.reading import COLUMNS, Reading
from schemas.record_batch import RecordBatch, decode_record_batch, encode_record_batch
from schemas.rows import (
    UNKNOWN_COUNT,
    BatteryRow,
    CommittedOffset,
    CycleRow,
    Direction,
    LateReading,
    NoEfficiency,
    Snapshot,
    Source,
    Status,
    StepRow,
    TracePoint,
)

__all__ = [
    "COLUMNS",
    "DEAD_LETTER_KEY",
    "UNKNOWN_COUNT",
    "Acknowledgement",
    "BatteryRow",
    "CommittedOffset",
    "CycleRow",
    "DeadLetter",
    "DeadLetterChunk",
    "Direction",
    "LateReading",
    "NoEfficiency",
    "Position",
    "Reading",
    "ReadingChunk",
    "ReadingColumns",
    "Reason",
    "RecordBatch",
    "Snapshot",
    "Source",
    "Status",
    "StepRow",
    "TracePoint",
    "decode_acknowledgement",
    "decode_chunk",
    "decode_record_batch",
    "encode_acknowledgement",
    "encode_chunk",
    "encode_record_batch",
]
