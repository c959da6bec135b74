import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discourse.readers.deep_json import decode_deep

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_it_reads_what_the_standard_decoder_reads(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert decode_deep(text) == json.loads(text)


def test_any_depth():
    depth = 20_000
    value = decode_deep('{"a":[' * depth + '"end"' + "]}" * depth)
    steps = 0
    while value != "end":
        value = value["a"][0]
        steps += 1
    assert steps == depth


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "[",
        "[1,",
        '{"a"}',
        '{"a":}',
        "[1 2]",
        '{"a":1]',
        "[}",
        "{]",
        '{"a":1,}',
        "[1,]",
        "{1:2}",
        "nope",
        '"abc',
        "[1]]",
        "{" * 50_000,
    ],
)
def test_what_is_no_json(text):
    with pytest.raises(ValueError):
        decode_deep(text)
