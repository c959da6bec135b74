"""Words for the labels, states, links and languages of comments: (English, French)."""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, tuple[str, str]] = {
    "stance.favor": ("In favor", "Pour"),
    "stance.against": ("Against", "Contre"),
    "stance.none": ("No position", "Sans position"),
    "reply.agree": ("Agrees", "D’accord"),
    "reply.disagree": ("Disagrees", "Pas d’accord"),
    "reply.neutral": ("Neither", "Ni l’un ni l’autre"),
    "argument.fact": ("Facts", "Faits"),
    "argument.testimony": ("Experience", "Vécu"),
    "argument.value": ("Principles", "Principes"),
    "argument.consequence": ("Consequences", "Conséquences"),
    "argument.cause": ("Explanation", "Explication"),
    "argument.analogy": ("Comparison", "Comparaison"),
    "argument.policy": ("What to do", "Ce qu’il faut faire"),
    "argument.ad_hominem": ("Personal attack", "Attaque personnelle"),
    "argument.irony": ("Irony", "Ironie"),
    "argument.question": ("Question", "Question"),
    "argument.none": ("No reason given", "Sans argument"),
    "argument.fact.means": (
        "Checkable information: figures, dates, sources, a correction",
        "Une information vérifiable : chiffres, dates, sources, correction",
    ),
    "argument.testimony.means": (
        "What the author, or someone they know, lived through",
        "Ce que l’auteur, ou un proche, a vécu",
    ),
    "argument.value.means": (
        "A principle: what is right, fair, free, sovereign",
        "Un principe : ce qui est juste, libre, souverain",
    ),
    "argument.consequence.means": (
        "Good or bad effects that will or would follow",
        "Les effets, bons ou mauvais, qui suivront ou suivraient",
    ),
    "argument.cause.means": (
        "Why things are so: an interest, a constraint, a mechanism",
        "Pourquoi les choses sont ainsi : intérêt, contrainte, mécanisme",
    ),
    "argument.analogy.means": (
        "Another case, a precedent or a metaphor that carries the point",
        "Un autre cas, un précédent ou une image qui porte l’idée",
    ),
    "argument.policy.means": (
        "What should be done: a proposal, a demand, advice",
        "Ce qui devrait être fait : proposition, demande, conseil",
    ),
    "argument.ad_hominem.means": (
        "The person, group or motive instead of the claim",
        "La personne, le groupe ou le motif au lieu de l’idée",
    ),
    "argument.irony.means": ("Sarcasm, a joke or mockery is the message", "Sarcasme, plaisanterie ou moquerie"),
    "argument.question.means": ("A question that seeks an answer", "Une question qui attend une réponse"),
    "argument.none.means": (
        "Bare opinion, applause, thanks, greeting, aside",
        "Opinion nue, approbation, merci, salut, aparté",
    ),
    "argument.second": ("Also argues this way, second to the main one", "Argumente aussi ainsi, en second"),
    "status.ok": ("Present", "Présent"),
    "status.deleted": ("Deleted by its author", "Supprimé par son auteur"),
    "status.removed": ("Removed by a moderator", "Retiré par la modération"),
    "status.empty": ("Without words", "Sans texte"),
    "link.explicit": ("given by the dump", "donnée par les données"),
    "link.indent": ("given by the indentation", "donnée par le retrait"),
    "link.quote": ("guessed from a quote", "déduite d’une citation"),
    "link.mention": ("guessed from a name", "déduite d’un nom cité"),
    "link.inferred": ("guessed by the model", "déduite par le modèle"),
    "link.none": ("no parent comment", "sans commentaire parent"),
    "lang.fr": ("French", "français"),
    "lang.en": ("English", "anglais"),
    "lang.de": ("German", "allemand"),
    "lang.es": ("Spanish", "espagnol"),
    "lang.it": ("Italian", "italien"),
    "lang.ca": ("Catalan", "catalan"),
    "lang.pt": ("Portuguese", "portugais"),
    "lang.nl": ("Dutch", "néerlandais"),
    "lang.da": ("Danish", "danois"),
    "lang.und": ("undecided", "indéterminée"),
}
