"""Read invented saved pages in tests, as the command would: find the format, join, build the tree."""

from discourse.readers import read

SEEDS = __import__("pathlib").Path(__file__).parent.parent / "seeds"


def read_page(folder, text, name="page.txt"):
    """Write a page and read it; return its format's name and its thread."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    reading = read([path])
    (thread,) = reading
    return reading.files[0].format, thread


def read_seed(stem):
    (path,) = SEEDS.glob(f"{stem}*.txt")
    reading = read([path])
    (thread,) = reading
    return reading.files[0].format, thread


def rows(thread):
    """Return (id, author, parent) of every comment."""
    return [(comment.id, comment.author, comment.parent_id) for comment in thread.replies]
