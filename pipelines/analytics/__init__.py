"""What a battery's readings come to. Pure: numpy and `schemas`, no clock, file, network or Beam."""

from pipelines.analytics.rows import Rows
from pipelines.analytics.settings import Settings
from pipelines.analytics.state import BatteryState
from pipelines.analytics.state_codec import decode_state, encode_state
from pipelines.analytics.track import track

__all__ = ["BatteryState", "Rows", "Settings", "decode_state", "encode_state", "track"]
