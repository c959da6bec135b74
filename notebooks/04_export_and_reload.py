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
from importlib.util import find_spec
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is downloaded

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
print(dataset.features["stance"])
dataset.to_pandas()[["author", "stance", "argument", "text"]].query("argument == argument").head()

# %% [markdown]
# The folder holds a card (README.md) that says where the labels come from, and a Croissant description:

# %%
print((out / "dataset" / "README.md").read_text(encoding="utf-8").split("## Codebook")[0][-1900:])

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

# %%
[str(one.thread.id) for one in read_export(out / "corpus")] == [one.thread.id for one in labeled]
