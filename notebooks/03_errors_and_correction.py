# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How wrong is it, does it know, and how to correct a share
#
# The threads here were never trained on, and every comment has been labeled by hand: so we can see what the model gets
# wrong, and what a small sample of hand labels would have told us.

# %%
import json
from importlib.util import find_spec
from pathlib import Path

import altair as alt
import pandas as pd

from discourse import Comment, build_thread, classify, load_model, plots, sample, to_frame
from discourse.gold import GoldLabel
from discourse.labels import STANCES
from discourse.summary.prevalence import correct_shares
from discourse.table import to_table

alt.renderers.enable("svg" if find_spec("vl_convert") else "default");  # pictures also show on a forge

threads, truth = [], {}
for line in Path("../tests/data/held_out_threads.jsonl").read_text(encoding="utf-8").splitlines():
    record = json.loads(line)
    own = record["thread_id"]
    comments = [Comment("post", own, kind="post", text=record["context"], title=record["title"])]
    for one in record["comments"]:
        parent = None if one["parent"] is None else str(one["parent"])
        comments.append(Comment(str(one["id"]), own, parent, text=one["text"], author=one["author"], lang=record["lang"]))
        truth[own, str(one["id"])] = one
    threads.append(build_thread(comments, id=own, title=record["title"], targets=[record["target"]]))
len(threads), len(truth)

# %%
labeled = list(classify(threads, load_model()))
frame = to_frame(labeled)
frame = frame[frame.kind == "comment"].copy()
for field in ("stance", "reply_stance", "argument"):
    frame[f"true_{field}"] = [truth[key][field] for key in zip(frame.thread_id, frame.comment_id)]

# %% [markdown]
# ## What it confuses
# Rows are the truth, columns what the model said.

# %%
pd.crosstab(frame.true_stance, frame.stance)

# %%
pd.crosstab(frame.true_argument, frame.argument)

# %% [markdown]
# ## Whether it knows
# Of the labels given with a probability around p, a share of p should be right. Abstained labels are the unsure ones.

# %%
plots.confidence(frame)

# %%
frame["right"] = frame.stance == frame.true_stance
bins = pd.cut(frame.stance_confidence.astype(float), [0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
calibration = frame.groupby(bins, observed=True).agg(comments=("right", "size"), said=("stance_confidence", "mean"), right=("right", "mean"))
calibration.round(2)

# %%
frame.groupby(frame.stance_abstained.fillna(False).map({True: "abstained", False: "kept"})).right.agg(["size", "mean"]).round(2)

# %% [markdown]
# ## What to do about it: label 150 comments, correct the shares
# `sample` draws them by chance and keeps each one's probability; here the hand labels are known, otherwise people give
# them. `correct_shares` then estimates the true shares with confidence intervals.

# %%
draws = sample(to_table(labeled), 150, "stratified", seed=1, fields=["stance"])
gold = [
    GoldLabel(one.thread_id, one.comment_id, one.target, "stance", truth[one.thread_id, one.comment_id]["stance"],
              "me", one.probability)
    for one in draws
]  # fmt: skip
corrected = correct_shares(labeled, gold)
shares = pd.DataFrame(
    {
        "label": one.label,
        "predicted": one.predicted,
        "corrected": one.share,
        "low": one.low,
        "high": one.high,
        "true": (frame.true_stance == one.label).mean(),
    }
    for one in corrected.overall
    if one.field == "stance"
).set_index("label")
shares.round(3)

# %%
base = alt.Chart(shares.reset_index(), title="Shares: predicted, corrected with 95 % interval, true", width=420, height=130)
y = alt.Y("label:N", sort=list(STANCES), title=None)
(
    base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title="share"), x2="high:Q", y=y)
    + base.mark_point(shape="circle", filled=True, color="black", size=70).encode(x="corrected:Q", y=y)
    + base.mark_tick(color="#D55E00", thickness=3).encode(x="predicted:Q", y=y)
    + base.mark_point(shape="diamond", color="#0072B2", size=90).encode(x="true:Q", y=y)
)

# %% [markdown]
# Orange ticks are the shares of predicted labels, black dots the corrected ones, blue diamonds the truth.
