"""Which lines are rows is seen from how many there have to be."""

import pytest

from pipelines.sources.folder.row_lines import row_lines

HEADERS = {b"a,b,c", b""}


@pytest.mark.parametrize(
    ("lines", "rows", "found"),
    [
        ([b"1,2,3\n", b"4,5,6\r\n"], 2, [0, 1]),
        ([b"1,2,3\n", b" \r\n", b"4,5,6\n"], 2, [0, 2]),
        ([b"1,2,3\n", b"\n", b" a,b,c\r\n", b"4,5,6\n"], 2, [0, 3]),
        ([b"1,x\n", b",,1,2\n", b'"",,3,4\n', b",2,y\n", b" ; ;5\n"], 3, [1, 2, 4]),
        ([b"1,2,3\n", b"4,5,6\n"], 1, None),
        ([], 0, []),
    ],
)
def test_blank_lines_repeated_headers_and_lines_of_other_layers_are_no_rows(lines, rows, found):
    told = row_lines(lines, rows, HEADERS)
    assert (told if told is None else list(told)) == found
