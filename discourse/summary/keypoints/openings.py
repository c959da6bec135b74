"""The words by which a sentence shows that it does not stand alone, by language (ISO 639-1)."""

from __future__ import annotations

import re

_LEANING = {
    "en": """he she they him it its it's this that that's these those and but so because which then also or yet he's
        she's they're they've exactly indeed well same otherwise therefore hence thus still plus here there's""",
    "fr": """il ils elle elles ça cela c'est ce celui celle ceux celles ceci et mais donc or car parce puis alors ainsi
        sinon idem lui leur ensuite bref c'était qu'il qu'elle j' pareil surtout sauf voilà voici""",
    "de": """er sie es das dies dieser diese dieses und aber denn weil oder dann also so deshalb daher trotzdem""",
    "es": """él ella ellos ellas eso esto este esta y pero porque entonces pues además así""",
    "it": """lui lei loro questo questa quello quella e ma perché allora quindi poi così""",
    "pt": """ele ela eles elas isso isto e mas porque então portanto assim""",
    "nl": """hij zij ze het dit dat en maar want dus dan daarom""",
}
LEANING = {lang: frozenset(words.split()) for lang, words in _LEANING.items()}
"""First words that point at what was said before."""

STANDING = re.compile(
    r"^(?:il (?:n['’]y a|y a|faut|ne faut|est|serait|vaut)|there (?:is|are)|it is|it would|es (?:ist|gibt|wäre)|"
    r"(?:this|that) \w{4,}|(?:ce|cet|cette) \w{4,}|dies(?:er|e|es) \w{4,}|est[ae] \w{4,}|quest[oa] \w{4,})\b",
    re.IGNORECASE,
)
"""Beginnings like those that name what they speak of, or point at nothing."""

_ADDRESSING = {
    "en": "you your you're you've yours",
    "fr": "tu te toi ton ta tes t'as t'es vous votre vos",
    "de": "du dich dir dein deine euch euer ihr",
    "es": "tú ti tu tus usted ustedes vosotros",
    "it": "tu ti tuo tua voi vostro",
    "pt": "tu teu tua você vocês",
    "nl": "jij jou jouw u uw jullie",
}
ADDRESSING = {lang: frozenset(words.split()) for lang, words in _ADDRESSING.items()}
"""Words that speak to somebody, not to all readers."""

_GRANTING = {
    "en": "admittedly granted it's_true it_is_true",
    "fr": "certes il_est_vrai c'est_vrai_que",
    "de": "zwar freilich es_stimmt",
    "es": "es_cierto es_verdad cierto",
    "it": "è_vero",
    "pt": "é_verdade",
    "nl": "weliswaar het_is_waar",
}
_TURNING = {
    "en": "but however yet still nevertheless nonetheless that_said on_the_other_hand",
    "fr": "mais cependant toutefois pourtant néanmoins seulement en_revanche par_contre sauf_que",
    "de": "aber doch jedoch allerdings dennoch trotzdem hingegen",
    "es": "pero sin_embargo no_obstante en_cambio",
    "it": "ma però tuttavia eppure invece",
    "pt": "mas porém contudo entretanto todavia no_entanto",
    "nl": "maar echter toch daarentegen",
}


def _beginnings(lists: dict[str, str]) -> dict[str, re.Pattern[str]]:
    """Return what matches a text that begins with one of a language's words; `_` joins those of a phrase."""
    found = {lang: "|".join(map(re.escape, words.split())).replace("_", " ") for lang, words in lists.items()}
    return {lang: re.compile(rf"(?:{pattern})\b", re.IGNORECASE) for lang, pattern in found.items()}


GRANTING = _beginnings(_GRANTING)
"""Beginnings that grant the other side something: what follows is rarely what the comment is for."""
TURNING = _beginnings(_TURNING)
"""Beginnings that turn against the sentence before, which may have granted something."""

_EMPTY = """hello hi hey thanks thank thx lol haha mdr ptdr merci bonjour bonsoir salut coucou bravo danke hallo gracias
    hola grazie ciao obrigado olá bedankt edit edited source sources ps nb btw sorry désolé pardon"""
EMPTY = frozenset(_EMPTY.split())
"""First words of greetings, thanks and asides."""

AGREEING = re.compile(
    r"^(?:i (?:totally |fully |completely )?(?:dis)?agree|well said|good point|you(?:['’]re| are) (?:right|wrong)"
    r"|(?:je suis )?(?:tout à fait |bien |entièrement )?d['’]accord|tout à fait|bien (?:dit|vu)"
    r"|(?:tu as|vous avez|t['’]as) (?:raison|tort)|c['’]est (?:vrai|faux|clair)|ich stimme|du hast recht"
    r"|estoy de acuerdo|sono d['’]accordo|concordo|mee eens)\b",
    re.IGNORECASE,
)
"""Beginnings that approve or disapprove of another comment: a point for its author, none for a reader."""
