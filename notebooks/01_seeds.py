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
# # From saved pages to the answer
#
# Five pages about one event, saved as text: discussions of two Lemmy instances, a news page with its comments, articles.
# Who replies to whom, who stands where on *l'accord entre Mistral AI et Microsoft*, and by what kind of argument?

# %%
from importlib.util import find_spec
from pathlib import Path

import altair as alt

from discourse import classify, link, load_model, plots, read, summarize, to_frame

SEEDS = Path("../seeds")
alt.renderers.enable("svg" if find_spec("vl_convert") else "default");  # pictures also show on a forge

# %% [markdown]
# ## Read
# `read` recognizes each file by its content. The news page states no replies; `link` takes them from the quotes.

# %%
reading = read(SEEDS)
threads = list(link(reading))
for thread in threads:
    print(f"{len(thread):3} comments  {len(thread.repairs)} repairs  {(thread.title or thread.id)[:80]}")

# %%
max(threads, key=len)

# %% [markdown]
# ## Label
# The model lies in the package; nothing is downloaded. Each label has a calibrated probability; `?` marks those that are
# too unsure to be relied on.

# %%
model = load_model()
labeled = list(classify(threads, model))
biggest = max(labeled, key=lambda one: len(one.thread))
biggest

# %% [markdown]
# ## Sum up
# By comment and by author: one person with many replies is one person.

# %%
[summary] = summarize(biggest)
summary

# %% [markdown]
# The same as a table, one row per comment and target, for everything pandas can do:

# %%
frame = to_frame(labeled)
frame[frame.kind == "comment"][["author", "stance", "stance_confidence", "argument", "text"]].head()

# %%
plots.stance_by_argument(frame)

# %%
plots.confidence(frame)

# %% [markdown]
# These are 27 comments, labeled by a model: read the shares with the intervals of the report, and label a sample by hand
# (notebook 3) before you publish a number.
