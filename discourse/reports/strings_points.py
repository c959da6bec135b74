"""The words of the key points, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping

POINTS: Mapping[str, tuple[str, str]] = {
    "points.share": ("{share:percent} of this side", "{share:percent} de ce côté"),
    "points.estimate": (
        "about {share:percent} of this side ({low:percent} to {high:percent})",
        "environ {share:percent} de ce côté ({low:percent} à {high:percent})",
    ),
    "points.together": (
        "Key points: sentences of the comments themselves. Together they speak for {share:percent} of this side.",
        "Points clés : des phrases des commentaires eux-mêmes. Ensemble, ils expriment {share:percent} de ce côté.",
    ),
    "points.sampled": (
        "Counted in a random sample of {n} of its {all} comments; the ranges are 95% confidence intervals.",
        "Comptés dans un échantillon au hasard de {n} de ses {all} commentaires ; les fourchettes sont des intervalles "
        "de confiance à 95 %.",
    ),
    "points.few-comments": (
        "Too few comments for key points ({n}).",
        "Trop peu de commentaires pour des points clés ({n}).",
    ),
    "points.no-sentence": (
        "No key points: none of its {n} comments has a sentence that stands on its own.",
        "Pas de points clés : aucun de ses {n} commentaires n’a de phrase qui se suffise à elle-même.",
    ),
    "points.nothing-shared": (
        "No key points: no sentence says what two people say, among {n} comments.",
        "Pas de points clés : aucune phrase ne dit ce que disent deux personnes, parmi {n} commentaires.",
    ),
    "points.coverage": (
        "Key points speak for {share:percent} of the pairs of a side and a kind of argument that have at least two "
        "comments.",
        "Les points clés expriment {share:percent} des couples d’un côté et d’un type d’argument qui ont au moins deux "
        "commentaires.",
    ),
}
