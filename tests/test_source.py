"""Opening files: what packs them, what damages them, how they are encoded, and how much memory they may take."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from packed import PACKERS

from discourse.errors import InputError
from discourse.readers import read, unpacking
from discourse.readers import source as module
from discourse.readers.source import FileSource

LINES = [f"line {number} é {number * 7919 % 1000}" for number in range(20_000)]
TEXT = "\n".join(LINES) + "\n"


def written(folder: Path, data: bytes, name: str = "dump") -> FileSource:
    (folder / name).write_bytes(data)
    return FileSource(str(folder / name))


def lines_of(source: FileSource) -> list[str]:
    return [line.decode(errors="replace") for _, line in source.lines()]


@pytest.mark.parametrize("name", PACKERS)
def test_lines_come_out_of_every_packing_and_the_hash_is_that_of_the_file(tmp_path: Path, name: str) -> None:
    packed = PACKERS[name](TEXT.encode())
    source = written(tmp_path, packed)
    assert list(source.lines()) == [(number, line.encode()) for number, line in enumerate(LINES, 1)]
    assert source.faults == []
    assert source.sha256() == hashlib.sha256(packed).hexdigest()
    assert source.position >= len(packed)


@pytest.mark.parametrize("name", [name for name in PACKERS if name != "plain"])
def test_several_members_one_after_the_other_are_one_stream(tmp_path: Path, name: str) -> None:
    packed = PACKERS[name](b"one\ntwo\n") + PACKERS[name](b"three\n")
    assert lines_of(written(tmp_path, packed)) == ["one", "two", "three"]


@pytest.mark.parametrize("name", [name for name in PACKERS if name != "plain"])
@pytest.mark.parametrize("length", [3, 4, 6, 9, 20])
def test_a_stream_cut_within_its_first_bytes_is_told(tmp_path: Path, name: str, length: int) -> None:
    (tmp_path / "dump").write_bytes(PACKERS[name](TEXT.encode())[:length])
    with pytest.raises(InputError, match=r"is a (cut|damaged)? ?(gzip|bzip2|xz|zstandard) stream"):
        list(read(tmp_path / "dump"))


@pytest.mark.parametrize("name", [name for name in PACKERS if name != "plain"])
@pytest.mark.parametrize("share", [0.5, 0.98])
def test_a_cut_stream_gives_what_it_held_and_says_so(tmp_path: Path, name: str, share: float) -> None:
    packed = PACKERS[name]((TEXT * 4).encode())  # long enough that half of it holds whole blocks in every packing
    source = written(tmp_path, packed[: int(len(packed) * share)])
    got = lines_of(source)
    assert len(got) > 1000
    assert got[:-1] == (LINES * 4)[: len(got) - 1]
    assert len(source.faults) == 1
    assert "stream, read up to byte" in source.faults[0].text


@pytest.mark.parametrize("name", ["gz", "bz2", "xz", "zst"])
def test_a_damaged_stream_gives_what_came_before_the_damage(tmp_path: Path, name: str) -> None:
    packed = bytearray(PACKERS[name](TEXT.encode()))
    packed[len(packed) // 2] ^= 0xFF
    source = written(tmp_path, bytes(packed))
    assert lines_of(source)[:500] == LINES[:500]
    assert "is a damaged" in source.faults[0].text


def test_garbage_behind_a_stream_costs_nothing(tmp_path: Path) -> None:
    source = written(tmp_path, gzip.compress(b"one\ntwo\n") + b"garbage")
    assert lines_of(source) == ["one", "two"]


@pytest.mark.parametrize("name", ["gz", "zst"])
def test_a_bomb_is_stopped(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "BOMB_FLOOR", 2**20)
    monkeypatch.setattr(module, "LINE_LIMIT", 2**18)
    source = written(tmp_path, PACKERS[name](bytes(20 * 2**20)))
    assert [len(line) for _, line in source.lines()] == [2**18]
    assert "(a bomb?)" in source.faults[0].text


def test_text_that_packs_well_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "BOMB_FLOOR", 2**16)
    record = '{"id":"%07d","author":"someone","body":"the same words again","score":1}\n'
    data = "".join(record % number for number in range(50_000)).encode()
    source = written(tmp_path, zstandard.ZstdCompressor(level=19).compress(data))
    assert sum(1 for _ in source.lines()) == 50_000
    assert source.faults == []


def test_skippable_frames_and_empty_members_are_passed_over(tmp_path: Path) -> None:
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    source = written(tmp_path, skippable + PACKERS["zst"](b"one\n") + skippable + PACKERS["zst"](b""))
    assert lines_of(source) == ["one"]
    assert source.faults == []


def test_a_long_line_is_cut_and_the_next_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE_LIMIT", 2**20)
    data = b"first\n" + b"x" * 5 * 2**20 + b"\nlast"
    assert [(number, len(line)) for number, line in written(tmp_path, data).lines()] == [(1, 5), (2, 2**20), (3, 4)]


@given(data=st.binary(max_size=200).map(lambda some: some.replace(b"\r", b"")), chunk=st.integers(1, 40))
def test_lines_are_those_of_the_bytes_whatever_the_chunks(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, chunk: int
) -> None:
    plain = b"A" + data.replace(b"\x00", b"0")
    source = written(tmp_path_factory.mktemp("lines"), plain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", chunk)
        got = [line for _, line in source.lines()]
    expected = plain.split(b"\n")
    assert got == (expected if expected[-1] else expected[:-1])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path: Path, end: str) -> None:
    source = written(tmp_path, end.join(["one", "two", "three"]).encode())
    assert lines_of(source) == ["one", "two", "three"]
    assert source.text() == "one\ntwo\nthree"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_every_unicode_encoding_is_recognized(tmp_path: Path, codec: str) -> None:
    text = "Les élèves, ça va ?\nOù êtes-vous 🙂\n"
    source = written(tmp_path, text.encode(codec))
    assert source.text() == text
    assert lines_of(source) == text.splitlines()
    assert source.sample().text == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "Ça été « bien » – l’été à œuvrer, où êtes-vous ?"),
        ("latin-1", "Die Größe der Äpfel überrascht mich nicht."),
        ("cp1250", "Zażółć gęślą jaźń. Czy to jest dobrze, że się śmieję?"),
        ("cp1251", "Привет, как дела? Мы думаем, что это Хорошо."),
        ("koi8-r", "Привет, как дела? Мы думаем, что это Хорошо."),
        ("cp1253", "Καλημέρα σας, τι κάνετε σήμερα το πρωί;"),
    ],
)
def test_old_pages_are_guessed_by_their_letters_and_the_guess_is_told(tmp_path: Path, codec: str, text: str) -> None:
    source = written(tmp_path, text.encode(codec))
    assert source.text() == text
    assert "is not UTF-8: read as" in source.faults[0].text


def test_a_declared_encoding_is_believed(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body>Zażółć gęślą</body></html>'
    assert "Zażółć gęślą" in written(tmp_path, page.encode("iso-8859-2")).text()


def test_one_broken_byte_in_utf_8_does_not_turn_the_rest_into_mojibake(tmp_path: Path) -> None:
    data = bytearray("é à ü ".encode() * 500)
    data[700] = 0xFF
    source = written(tmp_path, bytes(data))
    assert source.text().count("é") >= 499
    assert "are shown as �" in source.faults[0].text


def test_documents_have_a_limit_and_line_formats_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DOCUMENT_LIMIT", 2**20)
    source = written(tmp_path, b"x\n" * 2**20)
    with pytest.raises(InputError, match="is larger than 1 MB in one piece; split it"):
        source.bytes()
    assert sum(1 for _ in source.lines()) == 2**20


def test_standard_input_is_kept_so_that_it_can_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"one\ntwo\n"))))
    source = FileSource("-")
    assert lines_of(source) == ["one", "two"]
    assert source.text() == "one\ntwo\n"
    kept = source.file
    del source
    assert not kept.exists()


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone: cannot be read \(No such file or directory\); check the path"):
        FileSource(str(tmp_path / "gone")).open()


def test_a_folder_gives_its_members_and_one_hash(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text("2")
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / ".hidden").write_text("no")
    source = FileSource(str(tmp_path))
    assert source.members() == ["b/two.txt", "one.txt"]
    assert source.member("b/two.txt").text() == "2"
    first = source.sha256()
    (tmp_path / "one.txt").write_text("!")
    assert source.sha256() != first
