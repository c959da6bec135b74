"""Write every way in which mail programs quote as one: `>` before each line, and a line above that names the author.

Indented and named marks (VM, Supercite: "    > so", "Ada> so"), Outlook's header block above an unmarked original,
Apple Mail's attribution inside the quote, no-break spaces that an archive turned into "?". Python prompts are none.
"""

from __future__ import annotations

import re

PROMPT = "\ue000"
"""Stands before a `>>>` that is a prompt, so that it is not taken for a mark of quotation."""

_MARKS = re.compile(r"(?:>[ \t]?)*")
_INDENTED = re.compile(r"^(?:[ \t\xa0]+|\?(?:[ \t\xa0]*\?)*[ \t\xa0]*)(?=>)")
_CITED = re.compile(r"[ \t]{0,4}([A-Z][\w.'-]{0,19}|\w{2,4})>(?:[ \t](?!=)|$)")
_SUPERCITED = re.compile(r">{5}[ \t]+(?:\"?[^\"]*\"?\s*==\s*)?(.+?)\s*$")
_ON_DATE = re.compile(r">{5}[ \t?]+(?:on|in|at)\b.*\b(?:writes|wrote|said|says)\s*:\s*$", re.IGNORECASE)
_SAYS = re.compile(
    r"\b(?:wrote|writes|said|says|écrit|ecrit|schrieb|schreibt|escribió|scritto|schreef|skrev|escreveu)\b"
    r".{0,12}[:：]\s*$",
    re.I,
)
_BEGINS = re.compile(
    r"(?:> ?)*(?:on|le|am|el|il|op|em|den|på|w dniu|dnia|at|in article|in message)\b.*\d", re.IGNORECASE
)
_SPOILED = re.compile(r"\ba \?crit\s*\??\s*:")
_ORIGINAL = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|forwarded message|message d'origine|message original|message transféré"
    r"|urspr[üu]ngliche nachricht|weitergeleitete nachricht|original-nachricht|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht|mensagem original|oprindelig meddelelse)\s*-{2,}"
    r"|begin forwarded message:|_{4,}|-{20,})\s*",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[*>\s]*(From|Sent|Date|To|Cc|Subject|Reply-To|De|Envoyé|Envoye|À|A|Objet|Von|Gesendet|Datum|An|Betreff|Enviado|Para|Asunto"
    r"|Da|Inviato|Oggetto|Van|Verzonden|Aan|Onderwerp|Fra|Sendt|Til|Emne|Från|Skickat|Till|Ämne)\s*:\*?\s*(.*)",
    re.IGNORECASE,
)
_MAY_HEAD = re.compile(r"[\s>*]*(?:from|de|von|da|van|fra|från)\s*:|[\s>]*(?:-{2}|_{4}|begin forw)", re.IGNORECASE)
_SENDERS = frozenset({"from", "de", "von", "da", "van", "fra", "från"})
_BEHALF = re.compile(r"\bOn Behalf Of\s+(.+)$", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*[\[<(](?:mailto:)?[^\[\]<>()]*(?:@| at )[^\[\]<>()]*[\])>]\s*")
_CODE = re.compile(r"[=()\[\].]|\b(?:import|print|def|class|for|from)\b")
_DEEPEST = 40
"""Characters of the marks before an original in originals; twenty deep, each answers the one below."""
_HEADER_LINES = 14
"""Longest header block above an original message, in lines; lists of recipients wrap."""


def one_way(lines: list[str]) -> list[str]:
    """Return the lines of a mail with every quote marked by `>`, and its author named in a line above."""
    lines = [_INDENTED.sub("", line) if ">" in line else line for line in lines]
    for step in (_whole_attributions, _recite, _named_marks, _originals, _lift_attributions, _keep_prompts):
        lines = step(lines)
    return lines


def depth(line: str) -> int:
    """Count the marks of quotation before a line."""
    if line[:1] != ">":
        return 0
    marks = _MARKS.match(line)
    return marks.group().count(">") if marks else 0


def _says(line: str) -> re.Match[str] | None:
    """Find the "wrote:" that ends an attribution."""
    return _SAYS.search(line) if line.rstrip()[-1:] in (":", "：") else None


def _whole_attributions(lines: list[str]) -> list[str]:
    """Join an attribution that was wrapped, and give an "écrit" its letters back."""
    kept: list[str] = []
    for line in lines:
        if "crit" in line:
            line = _SPOILED.sub("a écrit :", line)
        if kept and _says(line) and not _BEGINS.match(line):
            above = kept[-1]
            if _BEGINS.match(above) and not _says(above) and depth(above) == depth(line) and len(above) < 120:
                kept[-1] = above.rstrip() + " " + _split(line)[1].lstrip()
                continue
        kept.append(line)
    return kept


def _recite(lines: list[str]) -> list[str]:
    """Turn Supercite's ">>>>> Ada Lovelace <ada@x>" and ">>>>>   on DATE writes:" into "Ada Lovelace wrote:".

    Of several in a row the first is about the outermost quote.
    """
    if not any(line.startswith(">>>>> ") for line in lines):
        return lines
    kept: list[str] = []
    place = row = 0
    while place < len(lines):
        line = lines[place]
        cited = _SUPERCITED.fullmatch(line)
        following = lines[place + 1] if place + 1 < len(lines) else ""
        name = None
        if cited and _says(line):
            name = _SAYS.sub("", cited.group(1)).strip()
        elif cited and _ON_DATE.match(following):
            name = cited.group(1)
            place += 1
        place += 1
        if name is None:
            blank = not line.strip()
            kept.append("> " * (row - 1) if blank else line)
            row = row if blank else 0
            continue
        kept += ["> " * row, f"{'> ' * row}{name} wrote:"]
        row = min(row + 1, _DEEPEST // 2)
    return kept


def _named_marks(lines: list[str]) -> list[str]:
    """Turn "Ada> so" and "AL> so" into `> so` where a line above says that Ada Lovelace wrote ("IDL>" is a prompt)."""
    kept: list[str] = []
    known: dict[str, str] = {}
    previous = ""
    for line in lines:
        cited = _CITED.match(line) if ">" in line else None
        if cited is None or cited.group(1).lower() not in known:
            kept.append(line)
            if _says(line):
                words = re.findall(r"[\w'-]+", _ADDRESS.sub(" ", _SAYS.sub("", line)))
                known |= {word.lower(): word for word in words if word[0].isalpha()}
                capitals = "".join(word[0] for word in words[-4:] if word[0].isupper())
                known |= {
                    capitals[-count:].lower(): " ".join(words[-count:]) for count in (2, 3) if len(capitals) >= count
                }
                previous = ""
            continue
        mark = cited.group(1).lower()
        if previous not in ("", mark):
            kept += ["", f"{known[mark]} wrote:"]
        previous = mark
        kept.append("> " + line[cited.end() :])
    return kept


def _originals(lines: list[str]) -> list[str]:
    """Take the header block above an original message away, and mark the message as the quote that it is."""
    if not any(_MAY_HEAD.match(line) for line in lines):
        return lines
    kept: list[str] = []
    prefix = ""
    place = 0
    while place < len(lines):
        line = lines[place]
        separated = _ORIGINAL.fullmatch(_split(line)[1]) is not None
        first = _next_words(lines, place + 1) if separated else place
        block = _header_block(lines, first, separated)
        if block is None:
            if not separated or not _is_quoted(lines, first, depth(line)):
                kept.append(prefix + line)
            place += 1
            continue
        place, author = block
        level = depth(lines[first])
        kept += [prefix, f"{prefix}{'> ' * (max(level, 1) - 1)}{author} wrote:"]
        if not level and not _is_quoted(lines, _next_words(lines, place), 0) and len(prefix) < _DEEPEST:
            prefix += "> "
    return kept


def _is_quoted(lines: list[str], place: int, level: int) -> bool:
    return place < len(lines) and depth(lines[place]) > level


def _header_block(lines: list[str], start: int, separated: bool) -> tuple[int, str] | None:
    """Return the end of a header block and the sender's name; None where there is no block of at least three fields.

    One is enough below a separator or above marked words; below a separator, so is an attribution above unmarked words.
    """
    if start < len(lines) and separated and not _is_quoted(lines, _next_words(lines, start + 1), depth(lines[start])):
        said = _says(lines[start])
        if said and _BEGINS.match(lines[start]):
            return start + 1, _split(lines[start][: said.start()])[1].strip()
    fields, end = _fields(lines, start)
    senders = [value for name, value in fields if name in _SENDERS]
    if not senders or (fields[0][0] not in _SENDERS and not separated):
        return None
    below = _next_words(lines, end)
    if len({name for name, _ in fields}) < 3 and not separated and not _is_quoted(lines, below, depth(lines[start])):
        return None
    behalf = _BEHALF.search(senders[0])
    author = _ADDRESS.sub(" ", behalf.group(1) if behalf else senders[0]).strip(" *\"'<>") or senders[0].strip(" *<>")
    return (end, author[:100].strip()) if author else None


def _fields(lines: list[str], start: int) -> tuple[list[tuple[str, str]], int]:
    """Read the fields of a header block (names lower case, wrapped values joined), and say where it ends."""
    fields: list[tuple[str, str]] = []
    place = start
    while place < min(len(lines), start + _HEADER_LINES):
        words = _split(lines[place])[1]
        if not words.strip() or depth(lines[place]) != depth(lines[start]):
            break
        field = _FIELD.fullmatch(words)
        if field:
            fields.append((field.group(1).lower(), field.group(2)))
        elif not fields:
            break
        else:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {words.strip()}")
        place += 1
    return fields, place


def _lift_attributions(lines: list[str]) -> list[str]:
    """Move an attribution that stands inside the quote it introduces (Apple Mail) one level up."""
    kept: list[str] = []
    level = 0
    for place, line in enumerate(lines):
        here = depth(line)
        if here > level and _says(line) and len(line) < 250:
            following = _next_words(lines, place + 1)
            if following < len(lines) and depth(lines[following]) == here:
                kept.append(("> " * (here - 1)) + _split(line)[1])
                continue
        if line.strip():
            level = here
        kept.append(line)
    return kept


def _keep_prompts(lines: list[str]) -> list[str]:
    """Protect Python prompts: runs of lines three marks deeper than those around them, some of them with code."""
    found: list[tuple[int, int, int]] = []
    level = place = 0
    while place < len(lines):
        here = depth(lines[place])
        end = place + 1
        while here == level + 3 and end < len(lines) and depth(lines[end]) == here:
            end += 1
        below = depth(lines[end]) if end < len(lines) else level
        above = next((line for line in reversed(lines[max(place - 3, 0) : place]) if line.strip()), "")
        if here == level + 3 and not level < below < here and not _says(above):
            found.append((place, end, level))
        elif lines[place].strip():
            level = here
        place = end
    if any(_CODE.search(line) for place, end, _ in found for line in lines[place:end]):
        for place, end, level in found:
            lines[place:end] = [f"{'> ' * level}{PROMPT}>>> {_split(line)[1]}" for line in lines[place:end]]
    return lines


def _split(line: str) -> tuple[str, str]:
    marks = _MARKS.match(line) if line[:1] == ">" else None
    end = marks.end() if marks else 0
    return line[:end], line[end:]


def _next_words(lines: list[str], start: int) -> int:
    """Return the place of the next line that has words behind its marks, or the number of lines."""
    place = start
    while place < len(lines) and not _split(lines[place])[1].strip():
        place += 1
    return place
