"""Plots of labeled threads and their summaries with altair: functions that return a chart, to be shown or saved.

Everything is counted before it is handed to altair, so a chart of a million comments holds a few hundred numbers.
Colors are those of every view (`labels.COLORS`), and each is named in the legend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from discourse.errors import InputError, MissingExtraError
from discourse.labels import ARGUMENTS, COLORS, FIELDS, REPLY_STANCES, STANCES, LabeledThread
from discourse.summary import ThreadSummary
from discourse.table import to_frame

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    Source: TypeAlias = ThreadSummary | LabeledThread | pd.DataFrame

_PERIODS = 40
"""Periods of a time axis: a chart is some 600 pixels wide, and a bar needs 10 to be seen."""

_LENGTHS = ("1min", "5min", "15min", "1h", "6h", "1D", "7D", "28D", "91D", "364D", "3640D")
"""Lengths that a reader can name; the shortest that gives at most `_PERIODS` is taken."""


def stance_over_time(source: Source) -> alt.Chart:
    """Plot how many comments took each stance in each period; needs comments with times."""
    vega, pd = _altair(), _pandas()
    if isinstance(source, ThreadSummary):
        rows = [
            {"start": period.start, "end": period.end, "stance": stance, "comments": count}
            for period in source.periods
            for stance, count in zip(STANCES, period.tally.stance, strict=True)
        ]
        counted = pd.DataFrame(rows, columns=["start", "end", "stance", "comments"])
    else:
        counted = _periods(_labeled(source, "stance"))
    if not len(counted):
        raise InputError("no comment has both a time and a stance: there is nothing to plot over time")
    chart: alt.Chart = (
        vega.Chart(counted, title="Stance over time", width=560, height=240)
        .mark_bar()
        .encode(
            x=vega.X("start:T", title=None),
            x2="end:T",
            y=vega.Y("comments:Q", title="comments", stack=True),
            color=_color(vega, "stance", STANCES),
            order=vega.Order("stance:N"),
            tooltip=["start:T", "stance:N", "comments:Q"],
        )
    )
    return chart


def stance_by_argument(source: Source) -> alt.LayerChart:
    """Plot which stance is argued for by which type of argument, as counts in a grid."""
    vega, pd = _altair(), _pandas()
    if isinstance(source, ThreadSummary):
        rows = [{"stance": one.stance, "argument": one.argument, "comments": one.count} for one in source.matrix]
        counted = pd.DataFrame(rows, columns=["stance", "argument", "comments"])
    else:
        frame = _labeled(source, "stance", "argument")
        counted = frame.groupby(["stance", "argument"], observed=True).size().reset_index(name="comments")
    chart = vega.Chart(counted, width=460, height=150).encode(
        x=vega.X("argument:N", sort=list(ARGUMENTS), title=None, axis=vega.Axis(labelAngle=-35)),
        y=vega.Y("stance:N", sort=list(STANCES), title=None),
        tooltip=["stance:N", "argument:N", "comments:Q"],
    )
    peak = max(int(counted["comments"].max()) if len(counted) else 0, 1)
    grid = chart.mark_rect().encode(color=vega.Color("comments:Q", scale=vega.Scale(scheme="greys", domain=[0, peak])))
    ink = vega.condition(vega.datum.comments > peak / 2, vega.value("white"), vega.value("black"))
    both: alt.LayerChart = (grid + chart.mark_text().encode(text="comments:Q", color=ink)).properties(
        title="Stance and type of argument"
    )
    return both


def reply_flow(source: Source) -> alt.Chart:
    """Plot how often each camp answers each camp, and whether it agrees: one bar for each pair of camps."""
    vega, pd = _altair(), _pandas()
    if isinstance(source, ThreadSummary):
        rows = [
            {"stance": one.stance, "answers": one.parent_stance, "manner": manner, "replies": getattr(one, manner)}
            for one in source.replies
            for manner in REPLY_STANCES
        ]
        counted = pd.DataFrame(rows, columns=["stance", "answers", "manner", "replies"])
    else:
        counted = _replies(_labeled(source, "stance"))
    chart: alt.Chart = (
        vega.Chart(counted, title="Who answers whom, and how", width=150, height=90)
        .mark_bar()
        .encode(
            x=vega.X("replies:Q", title="replies"),
            y=vega.Y("manner:N", sort=list(REPLY_STANCES), title=None),
            color=_color(vega, "manner", REPLY_STANCES),
            row=vega.Row("stance:N", sort=list(STANCES), title="a reply that is"),
            column=vega.Column("answers:N", sort=list(STANCES), title="answers a comment that is"),
            tooltip=["stance:N", "answers:N", "manner:N", "replies:Q"],
        )
    )
    return chart


def author_trajectories(source: LabeledThread | pd.DataFrame, authors: int = 12) -> alt.FacetChart:
    """Plot the position of the most active authors from comment to comment: favor above 0, against below.

    A position is P(favor) - P(against); the horizontal axis is time, or the place in the thread without times.
    """
    vega, pd = _altair(), _pandas()
    frame = _labeled(source, "stance").dropna(subset=["author"])
    active = frame["author"].value_counts().head(authors).index
    frame = frame[frame["author"].isin(active)].copy()
    if not len(frame):
        raise InputError("no comment has both an author and a stance: there are no trajectories to plot")
    frame["position"] = (frame["stance_favor"] - frame["stance_against"]).astype(float)
    timed = bool(frame["created"].notna().all())
    frame["place"] = pd.to_datetime(frame["created"], utc=True) if timed else range(1, len(frame) + 1)
    shown = frame[["author", "place", "position", "stance", "comment_id"]].astype({"author": str})
    base = vega.Chart(shown, width=200, height=90).encode(
        x=vega.X("place:T" if timed else "place:Q", title=None),
        y=vega.Y("position:Q", title=None, scale=vega.Scale(domain=[-1, 1])),
        tooltip=["author:N", "stance:N", "comment_id:N", vega.Tooltip("position:Q", format=".2f")],
    )
    points = base.mark_circle(size=50).encode(color=_color(vega, "stance", STANCES))
    order = [str(author) for author in active]
    lines = base.mark_line(color="#888", opacity=0.6) + points
    chart: alt.FacetChart = lines.facet(vega.Facet("author:N", sort=order, title=None), columns=3).properties(
        title="Positions of the most active authors"
    )
    return chart


def confidence(source: LabeledThread | pd.DataFrame) -> alt.Chart:
    """Plot how sure the model is of its labels in each field, and what it abstained from."""
    vega, pd = _altair(), _pandas()
    frame = _labeled(source)
    parts = []
    for field in FIELDS:
        flag = "reply_abstained" if field == "reply_stance" else f"{field}_abstained"
        known = frame[frame[field].notna()]
        bins = (known[f"{field}_confidence"].astype(float) * 20).clip(upper=19).astype(int) / 20
        kind = known[flag].fillna(False).astype(bool).map({True: "abstained", False: "kept"})
        parts.append(pd.DataFrame({"field": field, "from": bins, "to": bins + 0.05, "label": kind}))
    counted = pd.concat(parts).groupby(["field", "from", "to", "label"]).size().reset_index(name="comments")
    colors = vega.Scale(domain=["kept", "abstained"], range=[COLORS["favor"], COLORS["none"]])
    chart: alt.Chart = (
        vega.Chart(counted, title="Confidence of the labels", width=180, height=140)
        .mark_bar()
        .encode(
            x=vega.X("from:Q", bin="binned", title="probability of the label", scale=vega.Scale(domain=[0, 1])),
            x2="to:Q",
            y=vega.Y("comments:Q", title="comments", stack=True),
            color=vega.Color("label:N", scale=colors, title=None),
            column=vega.Column("field:N", sort=list(FIELDS), title=None),
            tooltip=["field:N", "from:Q", "label:N", "comments:Q"],
        )
    )
    return chart


def _labeled(source: LabeledThread | pd.DataFrame, *fields: str) -> pd.DataFrame:
    """Return the rows of comments towards the first target of their thread that have a label in each of the fields."""
    frame = to_frame(source) if isinstance(source, LabeledThread) else source
    frame = frame[frame["kind"] != "post"]
    first = frame.groupby("thread_id", observed=True)["target"].transform("first")
    frame = frame[(frame["target"] == first) | frame["target"].isna()]
    return frame.dropna(subset=list(fields)) if fields else frame


def _periods(frame: pd.DataFrame) -> pd.DataFrame:
    pd = _pandas()
    times = pd.to_datetime(frame["created"], utc=True)
    frame = frame.assign(created=times).dropna(subset=["created"])
    if not len(frame):
        return frame
    span = frame["created"].max() - frame["created"].min()
    length = next((one for one in _LENGTHS if span / pd.Timedelta(one) < _PERIODS), _LENGTHS[-1])
    starts = frame["created"].dt.floor(length)
    counted = frame.groupby([starts, "stance"], observed=True).size().reset_index(name="comments")
    counted = counted.rename(columns={"created": "start"})
    return counted.assign(end=counted["start"] + pd.Timedelta(length))


def _replies(frame: pd.DataFrame) -> pd.DataFrame:
    parents = frame[["thread_id", "comment_id", "stance"]].rename(
        columns={"comment_id": "parent_id", "stance": "answers"}
    )
    pairs = frame.merge(parents, on=["thread_id", "parent_id"]).dropna(subset=["reply_stance"])
    counted = pairs.groupby(["stance", "answers", "reply_stance"], observed=True).size().reset_index(name="replies")
    return counted.rename(columns={"reply_stance": "manner"})


def _color(vega: Any, field: str, names: tuple[str, ...]) -> Any:
    scale = vega.Scale(domain=list(names), range=[COLORS[name] for name in names])
    return vega.Color(f"{field}:N", scale=scale, sort=list(names), title=None)


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise MissingExtraError("altair", "notebook") from error
    return altair


def _pandas() -> Any:
    import pandas

    return pandas
