"""Words on shares that people's labels correct, and on what would correct them: (English, French)."""

from __future__ import annotations

from collections.abc import Mapping

GOLD: Mapping[str, tuple[str, str]] = {
    "gold.range": (
        "corrected {share:percent} ({low:percent}–{high:percent})",
        "corrigé {share:percent} ({low:percent}–{high:percent})",
    ),
    "gold.note": (
        "Positions are predicted by a model, and it errs. People labeled {n} of these comments, drawn by chance: the "
        "corrected shares rest on their labels, whatever the model gets wrong. The bracket under the bar is their "
        "95 % range.",
        "Les positions sont prédites par un modèle, qui se trompe parfois. Des personnes ont étiqueté {n} de ces "
        "commentaires, tirés au hasard : les parts corrigées reposent sur leurs étiquettes, quelles que soient les "
        "erreurs du modèle. Le crochet sous la barre est leur intervalle à 95 %.",
    ),
    "gold.plan": (
        "{n} more labels, drawn at random, would bring every range within ±{points} points.",
        "{n} étiquettes de plus, tirées au hasard, ramèneraient chaque intervalle à ±{points} points.",
    ),
    "gold.none": (
        "To measure the true shares instead, let people label a random sample (discourse sample) and give it back "
        "(discourse summarize --gold).",
        "Pour mesurer les vraies parts, faites étiqueter un échantillon tiré au hasard (discourse sample), puis "
        "rendez-le (discourse summarize --gold).",
    ),
    "gold.method": (
        "Where people labeled a random sample, the range of the corrected share comes from their labels instead: it "
        "assumes only that the sample was drawn as stated and that their labels are right.",
        "Là où des personnes ont étiqueté un échantillon tiré au hasard, l’intervalle de la part corrigée vient de "
        "leurs étiquettes : il suppose seulement que le tirage est celui indiqué et que leurs étiquettes sont justes.",
    ),
    "gold.warn": (
        "All positions, argument types and reply attitudes are predictions; people checked {n} of them.",
        "Positions, arguments et attitudes sont tous des prédictions ; des personnes en ont vérifié {n}.",
    ),
    "lead.corrected": (
        "Corrected with people’s labels, {favor:percent} are in favor and {against:percent} against.",
        "Après correction par des étiquettes humaines, {favor:percent} sont pour et {against:percent} contre.",
    ),
    "lead.predicted": (
        "The model alone counts {favor} comments in favor, {against} against and {none} without a position.",
        "Le modèle seul compte {favor} commentaires pour, {against} contre et {none} sans position.",
    ),
    "lead.corrected-close": (
        "The gap between the corrected shares is within their margin of error.",
        "L’écart entre les parts corrigées ne dépasse pas leur marge d’erreur.",
    ),
    "ways.gold.design": (
        "Corrected with {n} labels by people (design-based)",
        "Corrigé avec {n} étiquettes humaines (selon le tirage)",
    ),
    "ways.gold.prediction": (
        "Corrected with {n} labels by people (prediction-powered)",
        "Corrigé avec {n} étiquettes humaines (appuyé sur les prédictions)",
    ),
    "warn.shared-names": (
        "{n} {n|name occurs|names occur} in several threads and {n|counts|count} as one person each; on different "
        "sites, these may be different people.",
        "{n} {n|nom figure|noms figurent} dans plusieurs fils et {n|compte|comptent} chacun pour une personne ; sur "
        "des sites différents, ce peuvent être d’autres personnes.",
    ),
}
