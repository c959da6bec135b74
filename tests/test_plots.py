from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from exported import corpus, labeled

from discourse import plots
from discourse.errors import InputError
from discourse.labels import ARGUMENTS, COLORS, STANCES
from discourse.summary import summarize
from discourse.table import to_frame
from discourse.threads import Comment, build_thread


def data_of(chart: Any) -> pd.DataFrame:
    """Return what a chart was given to draw, after checking that it is a valid Vega-Lite chart."""
    spec = chart.to_dict()
    assert spec["title"]
    [values] = spec["datasets"].values()
    return pd.DataFrame(values)


ONE = corpus(1, 14)[0]
FRAME = to_frame(ONE)
COMMENTS = FRAME[FRAME["kind"] == "comment"]


@pytest.mark.parametrize("source", [ONE, FRAME, summarize(ONE)[0]], ids=["thread", "frame", "summary"])
def test_every_source_gives_the_same_counts(source: Any) -> None:
    expected = COMMENTS["stance"].value_counts().to_dict()
    timed = data_of(plots.stance_over_time(source))
    assert timed.groupby("stance")["comments"].sum().to_dict() == expected
    grid = data_of(plots.stance_by_argument(source))
    assert grid["comments"].sum() == 14
    assert set(grid["argument"]) <= set(ARGUMENTS)
    flow = data_of(plots.reply_flow(source))
    assert flow["replies"].sum() == 13


def test_trajectories_go_from_comment_to_comment() -> None:
    drawn = data_of(plots.author_trajectories(ONE, authors=2))
    assert drawn["author"].nunique() == 2
    first = drawn.iloc[0]
    row = COMMENTS[COMMENTS["comment_id"] == first["comment_id"]].iloc[0]
    assert first["position"] == pytest.approx(row["stance_favor"] - row["stance_against"])
    untimed = plots.author_trajectories(FRAME.assign(created=pd.NaT))
    assert untimed.to_dict()["spec"]["layer"][0]["encoding"]["x"]["type"] == "quantitative"


def test_confidence_counts_every_label_once() -> None:
    drawn = data_of(plots.confidence(FRAME))
    counts = drawn.groupby("field")["comments"].sum().to_dict()
    assert counts == {"stance": 14, "argument": 14, "reply_stance": 13}
    assert drawn[drawn["label"] == "abstained"]["comments"].sum() == int(
        COMMENTS[["stance_abstained", "reply_abstained", "argument_abstained"]].sum().sum()
    )


def test_threads_with_targets_of_their_own_are_all_counted() -> None:
    several = to_frame([*corpus(2, 6), labeled(replace(corpus(1, 5)[0].thread, id="other", targets=("a port",)))])
    assert several["target"].nunique() == 2
    drawn = data_of(plots.stance_by_argument(several))
    assert drawn["comments"].sum() == 6 + 6 + 5
    twice = pd.concat([FRAME, FRAME.assign(target="a second target")])
    assert data_of(plots.stance_by_argument(twice))["comments"].sum() == 14


def test_colors_are_those_of_every_view() -> None:
    scale = plots.stance_over_time(ONE).to_dict()["encoding"]["color"]["scale"]
    assert scale == {"domain": list(STANCES), "range": [COLORS[name] for name in STANCES]}


def test_a_plot_without_anything_to_show_is_one_clear_line() -> None:
    bare = labeled(build_thread([Comment("1", "t", text="x")], id="t", targets=["x"]))
    for plot in (plots.stance_over_time, plots.author_trajectories):
        with pytest.raises(InputError, match=r"nothing|no trajectories"):
            plot(bare)
    assert plots.confidence(bare).to_dict()


def test_charts_stay_small_whatever_the_thread() -> None:
    frame = pd.concat([FRAME.assign(created=FRAME["created"] + pd.Timedelta(days=30 * n)) for n in range(200)])
    assert len(data_of(plots.stance_over_time(frame))) <= 3 * 41
    assert len(data_of(plots.confidence(frame))) < 100
