"""Where a text points at a person by its form alone: mentions, quote headers, signatures, addresses, profile links.

Patterns only. They do not know the names of the dump, nor what a find is replaced by.
"""

from __future__ import annotations

import re

EMAIL = re.compile(
    r"(?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]{0,63}[\w+-]@(?:[\w-]{1,63}\.){1,8}[a-z]{2,}\b"
    r"|(?<=[(<\[])[\w.+-]+ (?:at|\[at\]|\(at\)|chez) (?:[\w-]+(?:\.| dot ))+[a-z]{2,}(?=[)>\]])"
    r"|(?<=From: )[\w.+-]+ at (?:[\w-]+\.)+[a-z]{2,}",
    re.IGNORECASE,
)
"""RFC 5322 addresses without quoted local parts, and the ` at ` of list archives where a bracket or header shows it."""

PHONE = re.compile(
    r"(?<![\w.,/=-])(?:"
    r"\+\d{1,3}[ .\-/]?(?:\(0\)[ .\-/]?)?(?:\(?\d{1,4}\)?[ .\-/]?){2,5}\d{2,4}"  # +33 6 12 34 56 78, +1 (415) 555-0123
    r"|00[1-9]\d{0,2}[ .\-/](?:\d{1,4}[ .\-/]?){2,5}\d{2,4}"  # 0049 30 1234567
    r"|0[1-9](?:(?:[ .\-]\d{2}){4}|\d{8})"  # 06 12 34 56 78, 0612345678
    r"|\(?[2-9]\d{2}\)?[ .\-][2-9]\d{2}[.\-]\d{4}"  # 415-555-0123, (415) 555-0123
    r"|0\d{2,4}[ /\-]\d{3,4}[ \-]?\d{3,4}"  # 030 1234567, 0171/1234567
    r"|[6-9]\d{2}[ .\-]\d{3}[ .\-]\d{3}"  # 612 345 678
    r")(?![\w]|[.,/-]\d)"
)
"""International, French, North American, German and Iberian spellings; dates, amounts, versions do not fit."""

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"«»{}|\\^`\[\]]+", re.IGNORECASE)
URL_TAIL = ".,;:!?…'*)”’"
"""Marks that end a sentence rather than the url before them."""

PROFILE = re.compile(
    r"(?:(?<=/u/)|(?<=/user/)|(?<=/users/)|(?<=/profile/)|(?<=/profiles/)|(?<=/member/)|(?<=/members/)|(?<=/author/)"
    r"|(?<=/authors/)|(?<=/people/)|(?<=/membre/)|(?<=/membres/)|(?<=/profil/)|(?<=/utilisateur/)|(?<=/auteur/)"
    r"|(?<=/benutzer/)|(?<=/mitglied/)|(?<=/usuario/)|(?<=/utente/)|(?<=/@)|(?<=/channel/)"
    r"|(?<=[?&]user=)|(?<=[?&]username=)|(?<=[?&]author=)"
    r"|(?<=twitter\.com/)|(?<=//x\.com/)|(?<=www\.x\.com/)|(?<=instagram\.com/)|(?<=facebook\.com/)|(?<=t\.me/)"
    r"|(?<=tiktok\.com/@)|(?<=linkedin\.com/in/)|(?<=youtube\.com/c/)|(?<=youtube\.com/user/)|(?<=bsky\.app/profile/)"
    r"|(?<=news\.ycombinator\.com/user\?id=)|(?<=steamcommunity\.com/id/)|(?<=github\.com/)(?=[^/?#&]+/?$)"
    r"|(?<=profile\.php\?id=))(?P<name>[^/?#&=]+)",
    re.IGNORECASE,
)
"""The part of an url that names a person, on forum engines and on the sites people link their profiles from."""

NO_PROFILE = frozenset(
    {
        "login",
        "register",
        "search",
        "settings",
        "me",
        "groups",
        "events",
        "watch",
        "hashtag",
        "share",
        "sharer.php",
        "intent",
        "home",
        "explore",
        "status",
        "i",
        "p",
        "reel",
        "pages",
        "marketplace",
        "posts",
        "comments",
        "about",
        "topics",
        "features",
        "pricing",
    }
)

MENTION = re.compile(
    r"(?<![\w@./])(?:@(?P<at>\w(?:[\w.-]{0,60}\w)?(?:@(?:[\w-]{1,63}\.){1,8}\w+)?)|/?u/(?P<reddit>[\w-]{2,30}))"
)
NO_MENTION = frozenset(
    {
        "everyone",
        "here",
        "all",
        "channel",
        "tous",
        "param",
        "return",
        "returns",
        "media",
        "import",
        "override",
        "property",
    }
)
"""Words behind an @ that address everybody, or are code."""

_WROTE = (
    r"(?:wrote|writes|a écrit|a ecrit|écrivait|écrit|schrieb|schreibt|escribió|escribio|ha scritto|scrisse|escreveu|"
    r"schreef|va escriure|skrev|napisał|napisał\(a\))"
)
_SAID = r"(?:said|says|a dit|disait|sagte|dijo|ha detto|disse|zei|va dir|sa|sagde)"
_MARKS = r"^[ \t>|*_]{0,20}"
"""Quote marks before a header; everything is bounded, so that no text costs more than its length."""


HEADERS = (
    # On Mon, 26 Feb 2024 at 10:23, Jane Roe <jane@example.org> wrote:
    re.compile(
        _MARKS + r"(?:On|Le|Am|El|Il|Em|Op|Den) [^\n]{0,70}?\d[^\n]{0,40}?[ ,][ \t]{0,3}(?:[AP]M,?[ \t\n]{1,3})?"
        r"(?P<name>[^\W\d][^\n<>(:,]{1,50}?)[ \t]{0,3}"
        r"(?:<[^>\n]{0,99}>|\([^)\n]{0,99}\))?[ \t]{0,3},?[ \t\n]{1,3}" + _WROTE + r"[ \t]{0,3}:",
        re.MULTILINE | re.IGNORECASE,
    ),
    # Am 26.02.2024 um 10:23 schrieb Jane Roe:
    re.compile(
        _MARKS
        + r"(?:Am|El|Op|Em)\b[^\n]{0,70}\b(?:schrieb|escribió|schreef|escreveu)[ \t\n]{1,3}(?P<name>[^\n<>(:]{2,50}?)"
        r"[ \t]{0,3}(?:<[^>\n]{0,99}>|\([^)\n]{0,99}\))?[ \t]{0,3}:",
        re.MULTILINE,
    ),
    # jane wrote:   Jane Roe a écrit (26 février) :
    re.compile(
        _MARKS
        + r"(?P<name>[^\n:<>«\"“]{1,50}?)[ \t]{0,3}(?:<[^>\n]{0,99}>|\([^)\n]{0,99}\))?[ \t\n]{1,3}"
        + _WROTE
        + r"(?:[ \t]{0,3}\([^)\n]{0,99}\)|[ \t\n]{1,3}(?:on|at|le|am|el|il|em|op|den)\s[^\n:]{1,60}(?::\d\d)*)?"
        r"[ \t]{0,3}:",
        re.MULTILINE | re.IGNORECASE,
    ),
    re.compile(r"\[quote=[\"'“]?(?P<name>[^\"'”\];,\n]{1,60})", re.IGNORECASE),
    re.compile(
        r"^[ \t]{0,20}(?:Originally posted by|Posted by|Quote from|Zitat von|Citation de|Posté par|Envoyé par|Cita de|"
        r"Citazione di|Citação de)[ \t]{0,3}:?[ \t]{1,3}(?P<name>[^\n:;,]{1,40}?)[ \t]{0,3}(?:[:;,]|$)",
        re.MULTILINE | re.IGNORECASE,
    ),
)
"""Lines that say whose words follow, and whose form shows it whoever is named."""

KNOWN_HEADERS = (
    re.compile(_MARKS + r"(?P<name>[^\n:]{1,50}?)[ \t]{0,3}:[ \t]*$", re.MULTILINE),
    re.compile(
        _MARKS + r"(?P<name>[^\n:]{1,50}?)[ \t\n]{1,3}" + _SAID + r"\b[^\n:]{0,40}:", re.MULTILINE | re.IGNORECASE
    ),
)
"""Lines that are quote headers only if they begin with a name of the dump."""

SIGNATURE = re.compile(r"^--[ \t]{0,4}\n(?P<block>(?:[^\n]{0,80}\n){0,7}[^\n]{0,80})\Z", re.MULTILINE)
"""The mark `-- ` and at most 8 short lines to the end (RFC 3676, section 4.3; list software strips the space)."""

LAST_LINE = re.compile(r"(?:[-–—~*]{1,3} ?)?(?P<name>[^\n]{1,40}?) ?[.!]?")
"""A last line that may be no more than a name; it is matched as a whole."""
