"""Our own sentences: what a thread amounts to in half a page, from the numbers alone.

Each clause holds one claim, so that the checker can tell which number belongs to which label. What a thread does not
have is not mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from discourse.labels import STANCES
from discourse.summary.exemplars import excerpt
from discourse.summary.facts import ThreadSummary
from discourse.summary.narrative.checking import MONTHS
from discourse.summary.narrative.claims import EVEN, percent_text
from discourse.summary.narrative.lexicon import ARGUMENT_NAMES, Language, is_plain_name
from discourse.summary.narrative.phrases import FORMS
from discourse.summary.prevalence import first_method
from discourse.summary.words import KeyPoint

QUOTED = 220
"""Characters of a quotation, some 35 words: a long sentence."""

_TYPES = 3
_FEW = 5
"""Comments below which counts say everything: leads, frequent arguments and intervals are left out."""
_TALKATIVE = 0.15
"""Share of the comments from which the most active author is named."""
_SENTENCE = re.compile(r".+?[.!?…]+(?=\s|$)", re.DOTALL)


class Teller:
    """Tell one summary in one language, sentence by sentence."""

    def __init__(self, summary: ThreadSummary, lang: Language) -> None:
        self._of, self._lang = summary, lang

    def sentences(self) -> Iterator[str]:
        """Yield the sentences: size, stances, arguments, exchange, people, voices, doubts."""
        yield from self._size()
        if self._of.comments:
            for part in (self._stances, self._arguments, self._exchange, self._people, self._voices, self._doubts):
                yield from part()

    def _say(self, key: str, n: int = 2, **values: object) -> str:
        """Fill in a form, the one for one or the one for many."""
        one = n == 1 or (n == 0 and self._lang == "fr")
        form = FORMS[self._lang][key][0 if one else 1]
        if self._lang == "fr":
            form = form.replace("'", "’").replace(" :", "\u00a0:")
        return form.format(n=self._number(n), **values)

    def _number(self, n: int) -> str:
        return f"{n:,}" if self._lang == "en" else f"{n:,}".replace(",", "\u202f")

    def _percent(self, share: float | None) -> str:
        text = percent_text(share or 0.0)
        return f"{text}%" if self._lang == "en" else f"{text.replace('.', ',')}\u202f%"

    def _day(self, moment: datetime) -> str:
        name = MONTHS[self._lang][moment.month - 1]
        return f"{'1er' if moment.day == 1 and self._lang == 'fr' else moment.day} {name} {moment.year}"

    def _author(self, name: str | None) -> str:
        if name is None:
            return self._say("unknown author")
        return name if is_plain_name(name) else self._say("quoted", text=name)

    def _joined(self, parts: list[str]) -> str:
        return self._say("and").join(([", ".join(parts[:-1])] if len(parts) > 1 else []) + parts[-1:])

    def _size(self) -> Iterator[str]:
        of = self._of
        if of.all_authors:
            yield self._say("written by one", of.all_authors, comments=self._say("of comments", of.comments))
        else:
            yield self._say("comments", of.comments)
        if of.all_authors and of.participation.without_author:
            yield self._say("unknown", of.participation.without_author)
        if of.first_created is not None and of.last_created is not None:
            first, last = self._day(of.first_created), self._day(of.last_created)
            yield self._say("day" if first == last else "dates", of.comments, first=first, last=last)

    def _stances(self) -> Iterator[str]:
        of = self._of
        if not of.stance.labeled or of.target is None:
            return
        parts = [
            self._say(f"comment {share.label}", share.count, p=self._percent(share.share)) for share in of.stance.labels
        ]
        if _closed(of.target):
            yield self._say("on target", target=self._say("quoted", text=of.target), rest=self._joined(parts))
        else:
            yield f"{self._joined(parts)}."
        if of.camps:
            camps = [self._say(f"author {camp.stance}", camp.authors) for camp in of.camps]
            yield self._say("by author", rest=self._joined(camps))
        if not first_method(of.prevalence, "stance"):  # who leads among predictions misleads beside corrected shares
            yield from self._lead()
        yield from self._true_shares()

    def _lead(self) -> Iterator[str]:
        """Say who leads, by comment, and by author where that is otherwise."""
        counts = {"comment": [self._of.stance[side].count for side in STANCES[:2]]}
        camps = {camp.stance: camp.authors for camp in self._of.camps}
        counts["author"] = [camps.get(side, 0) for side in STANCES[:2]]
        leads = {unit: _lead(*held) for unit, held in counts.items() if sum(held) >= _FEW}
        for unit, lead in leads.items():
            if unit == "comment" or lead != leads.get("comment"):
                yield self._say(f"even {unit}" if lead == "even" else f"lead {unit} {lead}")

    def _true_shares(self) -> Iterator[str]:
        corrected = [one for name, one in first_method(self._of.prevalence, "stance").items() if name != "none"]
        for one in corrected:
            bounds = self._range(one.low, one.high)
            yield self._say("corrected", one.gold, range=bounds, side=self._say(one.label))
        held = [self._of.stance[side].interval for side in STANCES[:2]]
        if not corrected and self._of.comments >= _FEW and held[0] is not None and held[1] is not None:
            favor, against = (self._range(bounds.low, bounds.high) for bounds in held if bounds is not None)
            yield self._say("interval", favor=favor, against=against)

    def _range(self, low: float, high: float) -> str:
        return self._say("range", low=int(100 * low + 0.5), high=int(100 * high + 0.5))

    def _arguments(self) -> Iterator[str]:
        names = ARGUMENT_NAMES[self._lang]
        if self._of.comments < _FEW:
            return
        giving = [share for share in self._of.argument.labels if share.label != "none"]
        ranked = sorted(giving, key=lambda share: -share.count)
        top = [f"{names[share.label]} ({self._percent(share.share)})" for share in ranked[:_TYPES] if share.count > 1]
        if top:
            yield self._say("types" if len(top) > 1 else "type", rest=self._joined(top))
        camps = []
        for side in STANCES[:2]:
            own = [cell for cell in self._of.matrix if cell.stance == side and cell.argument != "none"]
            best = max(own, key=lambda cell: cell.count, default=None)
            if best is not None and best.count > 1:
                camps.append(self._say(f"camp {side}", best.count, type=names[best.argument]))
        yield from (f"{camp}." for camp in camps)

    def _exchange(self) -> Iterator[str]:
        of = self._of
        if of.reply_stance.labeled:
            parts = [self._say(f"reply {share.label}", share.count) for share in of.reply_stance.labels]
            yield f"{self._joined(parts)}."
        across = [cell for cell in of.replies if {cell.stance, cell.parent_stance} == {"favor", "against"}]
        total = sum(cell.replies for cell in across)
        if total > 1:
            yield self._say("across", total, m=self._number(sum(cell.disagree for cell in across)))
        for point in of.turning_points[:1]:
            if point.author is None or _closed(point.author):
                yield self._say(
                    "turn",
                    author=self._author(point.author),
                    f=self._number(point.favor),
                    a=self._number(point.against),
                    fo=self._number(point.favor_outside),
                    ao=self._number(point.against_outside),
                )

    def _people(self) -> Iterator[str]:
        part = self._of.participation
        top = next((person for person in self._of.authors if person.author == part.most_active), None)
        share = part.most_active_share or 0
        if top is not None and top.comments > _FEW and share >= _TALKATIVE and _closed(top.author):
            yield self._say("active", top.comments, author=self._author(top.author), p=self._percent(share))
        changed = len({change.author for change in self._of.changes})
        if changed:
            yield self._say("changed", changed)

    def _voices(self) -> Iterator[str]:
        """Quote each side: its first key point, else its first exemplar that can be quoted whole."""
        for side in STANCES[:2]:
            point = next((one for one in self._of.key_points if one.side == side and _closed(one.text)), None)
            if point is not None:
                yield self._point(point)
                continue
            for one in self._of.exemplars:
                named = one.author is None or _closed(one.author)
                if one.field == "stance" and one.label == side and named and (quote := _quote(one.text)):
                    yield self._say(f"voice {side}", author=self._author(one.author), quote=quote)
                    break

    def _point(self, point: KeyPoint) -> str:
        """State a key point with how many comments make it, or with an interval of their share of a sampled side."""
        quote = " ".join(point.text.split())
        if point.low is None or point.high is None:
            return self._say(f"point {point.side}", point.comments, quote=quote)
        return self._say(f"estimate {point.side}", range=self._range(point.low, point.high), quote=quote)

    def _doubts(self) -> Iterator[str]:
        of = self._of
        if of.stance.abstained:
            yield self._say("unsure", of.stance.abstained, total=self._number(of.stance.labeled))
        if of.comments - of.labeled:
            yield self._say("silent", of.comments - of.labeled)
        guessed = sum(count.count for count in of.links if count.name in ("quote", "mention", "inferred"))
        if guessed:
            yield self._say("guessed", guessed)


def _lead(favor: int, against: int) -> str:
    if 1 - abs(favor - against) / (favor + against) >= EVEN:
        return "even"
    return "favor" if favor > against else "against"


def _quote(text: str) -> str:
    """Return a text's first sentences as far as they fit, else its beginning; empty if its marks do not close."""
    words = " ".join(text.split())
    if len(words) <= QUOTED:
        return words if _closed(words) else ""
    quote = ""
    for match in _SENTENCE.finditer(words):
        if match.end() > QUOTED:
            break
        quote = words[: match.end()]
    quote = quote if len(quote) >= QUOTED / 4 else excerpt(words, QUOTED)
    return quote if _closed(quote) else ""


def _closed(text: str) -> bool:
    """Tell whether words can stand in quotation marks: their own marks close, and none is a private character."""
    if any("\ue000" <= char <= "\uf8ff" for char in text) or ('"' in text and text.count('"') % 2):
        return False
    depth = 0
    stack: list[str] = []
    for char in text:
        if char in "«“":
            stack.append("»" if char == "«" else "”")
        elif char in "»”" and (not stack or stack.pop() != char):
            return False
        depth = max(depth, len(stack))
    return not stack and '"' not in text
