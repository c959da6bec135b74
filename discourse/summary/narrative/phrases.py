"""The wording of our own sentences: one form for one, one for many, in English and French.

Each clause states one claim; {n} is a count that the form agrees with. The words are those of the lexicon.
"""

from __future__ import annotations

from discourse.summary.narrative.lexicon import Language

FORMS: dict[Language, dict[str, tuple[str, str]]] = {
    "en": {
        "empty": ("The thread holds {n} comments.", "The thread holds {n} comments."),
        "comments": ("The thread holds {n} comment.", "The thread holds {n} comments."),
        "written by one": ("{n} author wrote {comments}.", "{n} authors wrote {comments}."),
        "of comments": ("{n} comment", "{n} comments"),
        "unknown": ("{n} comment has no known author.", "{n} comments have no known author."),
        "dates": ("They were posted from {first} to {last}.",) * 2,
        "day": ("It was posted on {first}.", "They were posted on {first}."),
        "on target": ("On {target}, {rest}.",) * 2,
        "comment favor": ("{n} comment ({p}) is in favor", "{n} comments ({p}) are in favor"),
        "comment against": ("{n} ({p}) is against", "{n} ({p}) are against"),
        "comment none": ("{n} ({p}) takes no side", "{n} ({p}) take no side"),
        "author favor": ("{n} author is in favor", "{n} authors are in favor"),
        "author against": ("{n} is against", "{n} are against"),
        "author none": ("{n} takes no side", "{n} take no side"),
        "by author": ("Counting each person once, {rest}.",) * 2,
        "even comment": ("Comments are about evenly divided.",) * 2,
        "even author": ("Authors are about evenly divided.",) * 2,
        "lead comment favor": ("Comments in favor are in the lead.",) * 2,
        "lead comment against": ("Comments against are in the lead.",) * 2,
        "lead author favor": ("Authors in favor are in the lead.",) * 2,
        "lead author against": ("Authors against are in the lead.",) * 2,
        "interval": (
            "Given how sure the model is, the true share of comments in favor lies {favor}, and that of comments "
            "against lies {against}.",
        )
        * 2,
        "corrected": ("After correction by {n} labels given by people, {range} of comments are {side}.",) * 2,
        "range": ("between {low} and {high}%",) * 2,
        "unsure": ("The model is unsure of {n} of the {total} labels.",) * 2,
        "types": ("The most frequent types of argument are {rest}.",) * 2,
        "type": ("The most frequent type of argument is {rest}.",) * 2,
        "camp favor": ("Comments in favor argue most by {type} ({n})",) * 2,
        "camp against": ("Comments against argue most by {type} ({n})",) * 2,
        "reply agree": ("{n} reply agrees with what it answers", "{n} replies agree with what they answer"),
        "reply disagree": ("{n} disagrees", "{n} disagree"),
        "reply neutral": ("{n} is neutral", "{n} are neutral"),
        "across": ("{m} of {n} replies between the two sides disagree.",) * 2,
        "active": (
            "{author} is the most active author with {n} comment ({p} of those signed).",
            "{author} is the most active author with {n} comments ({p} of those signed).",
        ),
        "changed": ("{n} author changed sides.", "{n} authors changed sides."),
        "turn": (
            "Below the comment of {author}, the balance turns: {f} comments are in favor and {a} against, while "
            "elsewhere {fo} are in favor and {ao} against.",
        )
        * 2,
        "voice favor": ("In favor, {author} writes: “{quote}”",) * 2,
        "voice against": ("Against, {author} writes: “{quote}”",) * 2,
        "point favor": (
            "{n} comment in favor makes this point: “{quote}”",
            "{n} comments in favor make this point: “{quote}”",
        ),
        "point against": (
            "{n} comment against makes this point: “{quote}”",
            "{n} comments against make this point: “{quote}”",
        ),
        "estimate favor": ("An estimated {range} of comments in favor make this point: “{quote}”",) * 2,
        "estimate against": ("An estimated {range} of comments against make this point: “{quote}”",) * 2,
        "silent": ("{n} comment is deleted, removed or empty.", "{n} comments are deleted, removed or empty."),
        "guessed": ("The parent of {n} reply is guessed.", "The parents of {n} replies are guessed."),
        "favor": ("in favor",) * 2,
        "against": ("against",) * 2,
        "unknown author": ("an unknown author",) * 2,
        "and": (" and ",) * 2,
        "quoted": ("“{text}”",) * 2,
    },
    "fr": {
        "empty": ("Le fil compte {n} commentaire.",) * 2,
        "comments": ("Le fil compte {n} commentaire.", "Le fil compte {n} commentaires."),
        "written by one": ("{n} auteur a écrit {comments}.", "{n} auteurs ont écrit {comments}."),
        "of comments": ("{n} commentaire", "{n} commentaires"),
        "unknown": ("{n} commentaire est sans auteur connu.", "{n} commentaires sont sans auteur connu."),
        "dates": ("Ils ont été publiés du {first} au {last}.",) * 2,
        "day": ("Il a été publié le {first}.", "Ils ont été publiés le {first}."),
        "on target": ("Sur {target}, {rest}.",) * 2,
        "comment favor": ("{n} commentaire ({p}) est favorable", "{n} commentaires ({p}) sont favorables"),
        "comment against": ("{n} ({p}) est opposé", "{n} ({p}) sont opposés"),
        "comment none": ("{n} ({p}) ne prend pas parti", "{n} ({p}) ne prennent pas parti"),
        "author favor": ("{n} auteur est favorable", "{n} auteurs sont favorables"),
        "author against": ("{n} est opposé", "{n} sont opposés"),
        "author none": ("{n} ne prend pas parti", "{n} ne prennent pas parti"),
        "by author": ("À compter chaque personne une fois, {rest}.",) * 2,
        "even comment": ("Les commentaires sont presque également partagés.",) * 2,
        "even author": ("Les auteurs sont presque également partagés.",) * 2,
        "lead comment favor": ("Les commentaires favorables sont en tête.",) * 2,
        "lead comment against": ("Les commentaires opposés sont en tête.",) * 2,
        "lead author favor": ("Les auteurs favorables sont en tête.",) * 2,
        "lead author against": ("Les auteurs opposés sont en tête.",) * 2,
        "interval": (
            "Selon ce dont le modèle est sûr, la part véritable des commentaires favorables se situe {favor}, et celle "
            "des commentaires opposés {against}.",
        )
        * 2,
        "corrected": (
            "Après correction par {n} étiquettes données par des personnes, {range} des commentaires sont {side}.",
        )
        * 2,
        "range": ("entre {low} et {high}\u202f%",) * 2,
        "unsure": ("Le modèle n'est pas sûr de {n} des {total} étiquettes.",) * 2,
        "types": ("Les types d'argument les plus fréquents sont {rest}.",) * 2,
        "type": ("Le type d'argument le plus fréquent est {rest}.",) * 2,
        "camp favor": ("Les commentaires favorables argumentent le plus souvent par {type} ({n})",) * 2,
        "camp against": ("Les commentaires opposés argumentent le plus souvent par {type} ({n})",) * 2,
        "reply agree": (
            "{n} réponse approuve ce à quoi elle répond",
            "{n} réponses approuvent ce à quoi elles répondent",
        ),
        "reply disagree": ("{n} désapprouve", "{n} désapprouvent"),
        "reply neutral": ("{n} est neutre", "{n} sont neutres"),
        "across": ("{m} des {n} réponses d'un camp à l'autre désapprouvent.",) * 2,
        "active": (
            "{author} est l'auteur le plus actif avec {n} commentaire ({p} de ceux qui sont signés).",
            "{author} est l'auteur le plus actif avec {n} commentaires ({p} de ceux qui sont signés).",
        ),
        "changed": ("{n} auteur a changé de camp.", "{n} auteurs ont changé de camp."),
        "turn": (
            "Sous le commentaire de {author}, le rapport s'inverse : {f} commentaires y sont favorables et {a} "
            "opposés, tandis qu'ailleurs {fo} sont favorables et {ao} opposés.",
        )
        * 2,
        "voice favor": ("En faveur, {author} écrit : «\u202f{quote}\u202f»",) * 2,
        "voice against": ("Contre, {author} écrit : «\u202f{quote}\u202f»",) * 2,
        "point favor": (
            "{n} commentaire favorable défend ce point : «\u202f{quote}\u202f»",
            "{n} commentaires favorables défendent ce point : «\u202f{quote}\u202f»",
        ),
        "point against": (
            "{n} commentaire opposé défend ce point : «\u202f{quote}\u202f»",
            "{n} commentaires opposés défendent ce point : «\u202f{quote}\u202f»",
        ),
        "estimate favor": (
            "Selon une estimation, {range} des commentaires favorables défendent ce point : «\u202f{quote}\u202f»",
        )
        * 2,
        "estimate against": (
            "Selon une estimation, {range} des commentaires opposés défendent ce point : «\u202f{quote}\u202f»",
        )
        * 2,
        "silent": (
            "{n} commentaire est supprimé, retiré ou vide.",
            "{n} commentaires sont supprimés, retirés ou vides.",
        ),
        "guessed": ("Le parent de {n} réponse est deviné.", "Les parents de {n} réponses sont devinés."),
        "favor": ("favorables",) * 2,
        "against": ("opposés",) * 2,
        "unknown author": ("un auteur inconnu",) * 2,
        "and": (" et ",) * 2,
        "quoted": ("«\u202f{text}\u202f»",) * 2,
    },
}
