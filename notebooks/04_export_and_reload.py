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
# # A labeled dataset for other tools, under pseudonyms
#
# Export once for `datasets`, once for ConvoKit, and open both.

# %%
import os
import tempfile
import warnings
from importlib.util import find_spec
from pathlib import Path

from IPython.display import Markdown

warnings.filterwarnings("ignore", message="IProgress")  # progress bars are not wanted here
os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is downloaded
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

from discourse import Pseudonymizer, classify, export, link, load_model, read
from discourse.exports import ExportOptions, read_export

out = Path(tempfile.mkdtemp())

# %% [markdown]
# Pseudonyms are given before anything is labeled or written. The key file decides them: the same person has the same
# pseudonym in every thread and run, and nobody without the file can tell who it is. Keep it apart from the data. Only the
# replies that the pages state are taken (`"stated"`): whoever reuses the dataset gets no guessed link.

# %%
hidden = Pseudonymizer.from_keyfile(out / "key").threads(link(read(Path("../seeds")), "stated"))
labeled = list(classify(hidden, load_model()))
for sentence in hidden.report.sentences():
    print(sentence)

# %% [markdown]
# ## Hugging Face `datasets`

# %%
done = export(labeled, "huggingface", out / "dataset", ExportOptions(name="Mistral and Microsoft", license="other"))
print(*done.files, sep="\n")

# %%
from datasets import load_dataset

dataset = load_dataset(str(out / "dataset"), cache_dir=str(out / "cache"))["train"]
stances, arguments = dataset.features["stance"], dataset.features["argument"]
print(stances)
table = dataset.to_pandas().dropna(subset=["stance", "argument"])
table["stance"] = [stances.int2str(int(number)) for number in table.stance]
table["argument"] = [arguments.int2str(int(number)) for number in table.argument]
table[["author", "stance", "argument", "text"]].head()

# %% [markdown]
# Labels are classes of the codebook, so `dataset.filter` and `Trainer` take them as they are. The folder also holds a
# Croissant description, and a card that says where the labels come from and how far to trust them:

# %%
card = (out / "dataset" / "README.md").read_text(encoding="utf-8")
Markdown(card.split("---\n", 2)[2].split("## Columns")[0].replace("# ", "### "))

# %% [markdown]
# ## ConvoKit
# ConvoKit wants one root in each conversation and unique ids; what had to be changed for that is told, and the original
# values are kept, so that everything comes back.

# %%
corpus_folder = export(labeled, "convokit", out / "corpus")
for notice in corpus_folder.notices:
    print(notice)

# %%
if find_spec("convokit"):
    from convokit import Corpus

    corpus = Corpus(filename=str(out / "corpus"))
    corpus.print_summary_stats()
else:
    print("pip install convokit to open the corpus with ConvoKit itself")

# %% [markdown]
# What ConvoKit's rules changed is undone when the corpus is read again: every comment, link and label is back.

# %%
again = list(read_export(out / "corpus"))
same = [
    (one.thread.comments, one.thread.links, one.labels) == (other.thread.comments, other.thread.links, other.labels)
    for one, other in zip(again, read_export(out / "dataset"), strict=True)
]
print(f"{sum(same)} of {len(labeled)} threads are the same in both")
