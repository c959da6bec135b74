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
import warnings
from importlib.util import find_spec
from pathlib import Path

import altair as alt

from discourse import classify, link, load_model, plots, read, summarize, to_frame

SEEDS = Path("../seeds")
warnings.filterwarnings("ignore", message="IProgress")  # progress bars are not wanted here
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
comments = frame[frame.kind == "comment"]
comments[["author", "stance", "stance_confidence", "argument", "text"]].head()

# %% [markdown]
# ## Look closer
# Which side argues how? Numbers are comments.

# %%
plots.stance_by_argument(frame)

# %% [markdown]
# How sure is the model? Gray labels are those it abstains from.

# %%
plots.confidence(frame)

# %% [markdown]
# These are 27 comments, labeled by a model: read the shares with the intervals of the report, and label a sample by hand
# (notebook 3) before you publish a number. The same from the command line, with a report to read in the browser:
#
# ```sh
# discourse run seeds -o out/seeds
# ```
