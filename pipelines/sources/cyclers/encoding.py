"""How the text of an export is encoded, told from its first bytes."""

from __future__ import annotations

import codecs

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHINESE_COLUMNS = ("电流", "电压")
"""Every Chinese export has them. Most pairs of bytes are some sign in GBK, so that decoding alone proves nothing."""


def encoding_of(head: bytes) -> str:
    """Name of the encoding as `bytes.decode` takes it: one of UTF-8, UTF-16, GB 18030 or Latin-1.

    Args:
        head: The first bytes of the file; may end within a character.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    if head[1:400:2].count(0) > len(head[1:400:2]) * 0.9:
        return "utf-16-le"
    if _decodes(head, "utf-8"):
        return "utf-8"
    chinese = head.decode("gb18030", "ignore")
    return "gb18030" if all(name in chinese for name in _CHINESE_COLUMNS) else "latin-1"


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True
