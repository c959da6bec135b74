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
import warnings
from importlib.util import find_spec
from pathlib import Path

import altair as alt
import pandas as pd

from discourse import Comment, build_thread, classify, load_model, plots, sample, to_frame
from discourse.gold import GoldLabel
from discourse.labels import FIELDS, STANCES
from discourse.summary.prevalence import correct_shares
from discourse.table import to_table

warnings.filterwarnings("ignore", message="IProgress")  # progress bars are not wanted here
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
# Rows are what people said, columns what the model said. Each row sums to 1, so the diagonal is how much of each label
# the model finds.

# %%
def confusion(field):
    labels = list(FIELDS[field])
    table = pd.crosstab(frame[f"true_{field}"], frame[field], normalize="index")
    table = table.reindex(index=labels, columns=labels, fill_value=0.0).rename_axis(index="people", columns="model")
    cells = table.stack().rename("share").reset_index()
    size = 46 * len(labels)
    base = alt.Chart(cells, title=f"{field}: people and model", width=size, height=24 * len(labels)).encode(
        x=alt.X("model:N", sort=labels, axis=alt.Axis(labelAngle=-35)), y=alt.Y("people:N", sort=labels)
    )
    gray = alt.Color("share:Q", scale=alt.Scale(scheme="greys", domain=[0, 1]), legend=None)
    ink = alt.condition(alt.datum.share > 0.5, alt.value("white"), alt.value("black"))
    return base.mark_rect().encode(color=gray) + base.mark_text().encode(text=alt.Text("share:Q", format=".2f"), color=ink)


confusion("stance")

# %%
confusion("argument")

# %% [markdown]
# Read some of the errors: that says more than any number. These are the ones the model was surest of.

# %%
pd.set_option("display.max_colwidth", 160)
wrong = frame[frame.stance != frame.true_stance].sort_values("stance_confidence", ascending=False)
wrong[["text", "target", "true_stance", "stance", "stance_confidence"]].head(6)

# %% [markdown]
# ## Whether it knows
# Of the labels given with a probability around p, a share of p should be right: then the points lie on the diagonal.
# Gray bars are the labels that the model abstains from, being too unsure.

# %%
plots.confidence(frame)

# %%
frame["right"] = frame.stance == frame.true_stance
bins = pd.cut(frame.stance_confidence.astype(float), [0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
groups = frame.groupby(bins, observed=True)
calibration = groups.agg(comments=("right", "size"), said=("stance_confidence", "mean"), right=("right", "mean"))
calibration.round(2)

# %%
shown = calibration.reset_index(drop=True).astype(float)
axis = alt.Scale(domain=[0, 1])
points = alt.Chart(shown, title="Stance: probability said, and share that was right", width=260, height=260).encode(
    x=alt.X("said:Q", scale=axis, title="probability said"), y=alt.Y("right:Q", scale=axis, title="share right")
)
diagonal = alt.Chart(pd.DataFrame({"said": [0, 1], "right": [0, 1]})).mark_line(color="#888", strokeDash=[4, 4])
points.mark_circle(color="#0072B2").encode(size=alt.Size("comments:Q", title="comments")) + diagonal.encode(
    x="said:Q", y="right:Q"
)

# %% [markdown]
# What the model abstains from is worse than what it keeps: leaving it out is a way to be more often right on less.

# %%
kind = frame.stance_abstained.fillna(False).map({True: "abstained", False: "kept"})
frame.groupby(kind).right.agg(comments="size", right="mean").round(2)

# %% [markdown]
# ## What to do about it: label 150 comments, correct the shares
# `sample` draws them by chance and keeps each one's probability; here the hand labels are known, otherwise people give
# them (`discourse sample` writes a sheet, `discourse agree` compares people). `correct_shares` then estimates the true
# shares, with intervals.

# %%
draws = sample(to_table(labeled), 150, "stratified", seed=1, fields=["stance"])
gold = []
for one in draws:
    label = truth[one.thread_id, one.comment_id]["stance"]
    gold.append(GoldLabel(one.thread_id, one.comment_id, one.target, "stance", label, "me", one.probability))
corrected = [one for one in correct_shares(labeled, gold).overall if one.field == "stance"]
shares = pd.DataFrame(
    {
        "label": [one.label for one in corrected],
        "predicted": [one.predicted for one in corrected],
        "corrected": [one.share for one in corrected],
        "low": [one.low for one in corrected],
        "high": [one.high for one in corrected],
        "true": [(frame.true_stance == one.label).mean() for one in corrected],
    }
).set_index("label")
shares.round(3)

# %%
marks = shares.reset_index().melt(["label", "low", "high"], ["predicted", "corrected", "true"], var_name="share of")
y = alt.Y("label:N", sort=list(STANCES), title=None)
kinds = ["predicted", "corrected", "true"]
colors = alt.Scale(domain=kinds, range=["#D55E00", "#000000", "#0072B2"])
base = alt.Chart(marks, title="Shares with 95 % intervals", width=420, height=130)
base.mark_rule(strokeWidth=2, color="#888").encode(x=alt.X("low:Q", title="share"), x2="high:Q", y=y) + base.mark_point(
    filled=True, size=80, opacity=1
).encode(
    x="value:Q",
    y=y,
    color=alt.Color("share of:N", scale=colors),
    shape=alt.Shape("share of:N", scale=alt.Scale(domain=kinds)),
)

# %% [markdown]
# The true shares lie within the intervals of the corrected ones as often as the intervals promise; the predicted shares
# come without any such promise. Publish the corrected ones, and say how many comments people labeled.
