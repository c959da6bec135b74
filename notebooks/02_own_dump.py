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
# # Your own dump: a table with other column names, and several targets
#
# Any CSV, JSON Lines or Parquet file is read if its columns are named. Here is one as an exporter may have written it.

# %%
import csv
import os
import tempfile
import warnings
from importlib.util import find_spec
from pathlib import Path

import altair as alt

from discourse import classify, from_frame, load_model, plots, read, summarize, to_frame

warnings.filterwarnings("ignore", message="IProgress")  # progress bars are not wanted here
alt.renderers.enable("svg" if find_spec("vl_convert") else "default");  # pictures also show on a forge

ROWS = [
    ("m1", "", "Lena", "2024-03-01 09:00", "The city should close the old bridge to cars. It is falling apart."),
    ("m2", "m1", "Tom", "2024-03-01 09:20", "And where will I drive? The detour takes forty minutes, I know, I do it."),
    ("m3", "m2", "Lena", "2024-03-01 10:05", "By tram. The line runs every ten minutes and costs less than your petrol."),
    ("m4", "m1", "Aïcha", "2024-03-01 11:30", "D'accord : on ne joue pas avec la sécurité des gens."),
    ("m5", "m4", "Tom", "2024-03-02 08:00", "Safety! They said that about the tram as well, and then it derailed."),
    ("m6", "", "Jo", "2024-03-02 12:10", "Repair it first, then talk. A new tram line would cost three times as much."),
    ("m7", "m6", "Lena", "2024-03-03 07:45", "Source? The council's own report says the tram pays for itself in nine years."),
]
os.chdir(tempfile.mkdtemp())  # nothing is left lying here
with Path("messages.csv").open("w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows([("msg", "answers", "who", "when", "body"), *ROWS])

# %% [markdown]
# `field_map` says which of their columns is which of ours; each target gets its own stance.

# %%
reading = read(
    "messages.csv",
    field_map={"id": "msg", "parent_id": "answers", "author": "who", "created": "when", "text": "body"},
    targets=["closing the old bridge to cars", "a new tram line"],
)
[thread] = reading
thread

# %% [markdown]
# One comment can be for one thing and against another, so the table has a row for each comment and target:

# %%
[labeled] = classify([thread], load_model())
frame = to_frame(labeled)
frame.pivot(index="comment_id", columns="target", values="stance")

# %% [markdown]
# And one summary each:

# %%
for summary in summarize(labeled):
    display(summary)

# %% [markdown]
# Plots take a thread, a table or a summary. Filter the table as you like, and go back to threads with `from_frame`.

# %%
plots.author_trajectories(frame)

# %% [markdown]
# Here only the comments stay whose stance the model is sure enough of:

# %%
sure = frame[~frame.stance_abstained.fillna(False)]
[again] = from_frame(sure)
len(again.thread), len(again.labels)
