import math
import warnings
from datetime import UTC, datetime

import msgspec
import pytest

from discourse.readers import wire
from discourse.readers.base import Skip
from discourse.readers.source import FileSource


def documents(tmp_path, data):
    path = tmp_path / "dump"
    path.write_bytes(data)
    found = list(wire.documents(FileSource(str(path))))
    return [item for item in found if not isinstance(item, Skip)], [item for item in found if isinstance(item, Skip)]


def test_a_line_format_keeps_its_line_numbers_and_skips_what_is_no_json(tmp_path):
    good, skips = documents(tmp_path, b'{"a":1}\n\n{bad\n{"c":3}')
    assert good == [(1, {"a": 1}), (4, {"c": 3})]
    assert [skip.where.rsplit(":", 1)[1] for skip in skips] == ["3"]


def test_a_damaged_first_line_does_not_hide_the_line_format(tmp_path):
    good, skips = documents(tmp_path, b'{bad\n{"c":3}\n{"d":1}')
    assert [line for line, _ in good] == [2, 3]
    assert len(skips) == 1


def test_damage_costs_the_smallest_element(tmp_path):
    good, skips = documents(tmp_path, b'{\n"posts":[{"a":1},\n{"a":2},{"a":{"q":[1,z]}},{"a":4}\n]}')
    assert good == [(None, {"posts": [{"a": 1}, {"a": 2}, {"a": {"q": [1, None]}}, {"a": 4}]})]
    assert skips[0].where.endswith(":3")


def test_a_cut_document_keeps_its_whole_elements(tmp_path):
    good, skips = documents(tmp_path, b'[{"a":1},\n{"a":2},\n{"a":"thr')
    assert good == [(None, [{"a": 1}, {"a": 2}])]
    assert "what follows is lost" in skips[0].why


def test_documents_that_follow_each_other_are_all_read(tmp_path):
    good, skips = documents(tmp_path, b'{\n"a":1\n}\n{\n"b":2\n}')
    assert [value for _, value in good] == [{"a": 1}, {"b": 2}]
    assert not skips


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"a":' * 100_000, b"{" * 70, b"\x00\x00\x00\x00", b"no json", b'{"a":1]', b'"']
)
def test_hopeless_input_is_one_skip(tmp_path, data):
    good, skips = documents(tmp_path, data)
    assert not [value for _, value in good if value]
    assert len(skips) == 1


def test_wide_encodings_and_bad_bytes_are_read(tmp_path):
    wide, _ = documents(tmp_path, '{"a":"é"}'.encode("utf-16"))
    bad, _ = documents(tmp_path, b'{"a":"\xe9"}')
    assert wide == [(1, {"a": "é"})]
    assert bad == [(1, {"a": "\ufffd"})]


def test_what_json_does_not_allow_but_dumps_hold_is_let_pass(tmp_path):
    good, _ = documents(tmp_path, rb'{"a":NaN,"b":"\ud83d!","c":123456789012345678901234567890,"d":"\ud83d\ude00"}')
    value = good[0][1]
    assert math.isnan(value["a"])
    assert value["b"] == "\ufffd!"
    assert value["c"] == 123456789012345678901234567890
    assert value["d"] == "😀"


def test_fields_of_any_type_are_read_or_left():
    assert [wire.identifier(value) for value in (12, 12.0, " x ", "", None, True, [])] == [
        "12", "12", "x", None, None, None, None,
    ]  # fmt: skip
    assert [wire.number(value) for value in ("3", 4, None, "x", True, math.inf)] == [3, 4, None, None, None, None]
    assert [wire.flag(value) for value in (True, 0, "yes", "maybe", None)] == [True, False, True, None, None]
    assert [wire.text(value) for value in ("a\ud800", 3, None, {})] == ["a\ufffd", "3", "", ""]
    assert wire.listing({"a": 1}) == []


@pytest.mark.parametrize(
    "written",
    [1500000000, "1500000000", 1500000000000, 1500000000.0, 1500000000000000, "2017-07-14T02:40:00Z",
     "2017-07-14 02:40:00", "2017-07-14T04:40:00+02:00", "2017-07-14T02:40:00.0000000Z", "2017-07-14 02:40:00 UTC",
     "Fri, 14 Jul 2017 02:40:00 +0000"],
)  # fmt: skip
def test_times_are_utc(written):
    assert wire.moment(written) == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)


@pytest.mark.parametrize("written", [None, "", "yesterday", 1e300, "9" * 400, [], {}, True, "2017-99-99", "NaN"])
def test_what_is_no_time_is_none(written):
    assert wire.moment(written) is None


class Record(msgspec.Struct):
    id: object = None
    text: object = None


def test_a_struct_takes_a_mapping_only():
    assert wire.convert({"id": [], "other": 1}, Record) == Record([], None)
    assert wire.convert([1], Record) is None


def test_unknown_zones_are_read_quietly():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert wire.moment("14 Jul 2017 02:40:00 ZZT") == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
