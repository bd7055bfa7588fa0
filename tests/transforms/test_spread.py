"""Keys over parallel tasks: Flink's arithmetic, checked with published vectors and with what a Flink was seen to do."""

import pytest

from pipelines.transforms.spread import _murmur3_low_32, spread_key, task_of

# Published results of MurmurHash3_x64_128, seed 0: the first 64 bits.
PUBLISHED = {
    b"": 0x0000000000000000,
    b"hello": 0xCBD8A7B341BD9B02,
    b"The quick brown fox jumps over the lazy dog": 0xE34BBC7BBC071B6C,
}


@pytest.mark.parametrize(("data", "first"), PUBLISHED.items())
def test_the_hash_is_murmur3(data, first):
    assert _murmur3_low_32(data) == first & 0xFFFFFFFF


def test_four_keys_fall_on_one_of_two_tasks_as_they_did_on_flink():
    assert {task_of(f"part{number}", 2) for number in range(4)} == {1}


@pytest.mark.parametrize("parallelism", [1, 2, 3, 5, 16])
def test_spread_keys_fall_on_the_tasks_in_turn(parallelism):
    keys = [spread_key(f"topic/{index}", index, parallelism) for index in range(32)]
    assert [task_of(key, parallelism) for key in keys] == [index % parallelism for index in range(32)]
    assert len(set(keys)) == 32


def test_the_same_name_always_has_the_same_key():
    assert spread_key("topic/3", 3, 4) == spread_key("topic/3", 3, 4)


def test_a_name_longer_than_127_bytes_has_a_key_too():
    assert task_of(spread_key("x" * 300, 1, 2), 2) == 1
