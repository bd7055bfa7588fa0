"""All exports that can be read; another make is one more table."""

from pipelines.sources.cyclers.arbin import ARBIN
from pipelines.sources.cyclers.biologic import BIOLOGIC
from pipelines.sources.cyclers.landt import LANDT_CSV, LANDT_TABLE
from pipelines.sources.cyclers.maccor import LANDT_TEXT, MACCOR
from pipelines.sources.cyclers.neware import NEWARE, NEWARE_BINARY, NEWARE_LAYERED
from pipelines.sources.cyclers.others import BASYTEC, DIGATRON, NOVONIX, PYBAMM
from pipelines.sources.cyclers.pec import PEC
from pipelines.sources.cyclers.shared import BATTERY_ARCHIVE, BATTERYDATA, BDF
from pipelines.sources.cyclers.table import Export

EXPORTS: tuple[Export, ...] = (
    *(ARBIN, LANDT_TEXT, MACCOR, NEWARE_BINARY, NEWARE, LANDT_CSV, LANDT_TABLE, BIOLOGIC, PEC, BDF),
    *(BATTERYDATA, BATTERY_ARCHIVE, NOVONIX, DIGATRON, BASYTEC, PYBAMM),
)
"""Where two fit a file equally well, the first one is taken."""

__all__ = ["EXPORTS", "NEWARE", "NEWARE_BINARY", "NEWARE_LAYERED", "makes"]


def makes() -> tuple[str, ...]:
    """What ``?make=`` can be."""
    return tuple(dict.fromkeys(export.make for export in EXPORTS))
