"""The picture of compliance: how fast each vantage blocked, and how each stood over time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.core.time import parse_stamp
from ringfence.verify.history import Moment, VantageHistory, quantile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by eyes that see few colours (Okabe and Ito), and by their dashes.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_DASHES = ("-", "--", "-.", ":")


def draw(
    histories: list[VantageHistory], moments: list[Moment], path: Path, *, laboratory: bool = False
) -> None:
    """Write the picture; its kind is that of the path's suffix (.svg or .png).

    Left: the share of blocks seen within a time from approval (logarithmic seconds), one line a vantage.
    Right: the share of a vantage's expectations that were met after each look.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "ringfence"  # the same record draws the same bytes
    from matplotlib import pyplot as plt

    with plt.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure, (speed, over_time) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
        _speed(speed, histories)
        _over_time(over_time, moments)
        title = "Compliance with blocking orders"
        figure.suptitle(title + (" (laboratory)" if laboratory else ""), x=0.01, ha="left", weight="bold")
        metadata = {"Date": None} if path.suffix == ".svg" else {}
        figure.savefig(path, metadata=metadata, dpi=150)
        plt.close(figure)


def _style(at: int) -> dict[str, Any]:
    return {"color": _COLOURS[at % len(_COLOURS)], "linestyle": _DASHES[at % len(_DASHES)], "linewidth": 2}


def _speed(axes: Axes, histories: list[VantageHistory]) -> None:
    axes.set_title("From approval to the first blocked answer", loc="left")
    axes.set_xlabel("seconds (logarithmic)")
    axes.set_ylabel("blocks seen by then")
    drawn = False
    for at, one in enumerate(histories):
        total = len(one.first_blocked_ms) + one.never
        if not one.first_blocked_ms:
            continue
        seconds = [max(ms, 1) / 1000 for ms in one.first_blocked_ms]
        share = [100 * (index + 1) / total for index in range(len(seconds))]
        p95 = quantile(one.first_blocked_ms, 950) or 0
        axes.step(seconds, share, where="post", label=f"{one.vantage}: p95 {p95 / 1000:.2f} s", **_style(at))
        axes.plot(seconds[-1:], share[-1:], marker="o", color=_style(at)["color"])
        drawn = True
    axes.set_ylim(0, 103)
    axes.yaxis.set_major_formatter("{x:.0f} %")
    if drawn:
        axes.set_xscale("log")
        for formatter in (axes.xaxis.set_major_formatter, axes.xaxis.set_minor_formatter):
            formatter("{x:g}")
        axes.legend(loc="lower right", frameon=False)
    else:
        axes.text(0.5, 0.5, "no block was seen yet", transform=axes.transAxes, ha="center")


def _over_time(axes: Axes, moments: list[Moment]) -> None:
    axes.set_title("Expectations met, after each look", loc="left")
    axes.set_ylim(0, 103)
    axes.yaxis.set_major_formatter("{x:.0f} %")
    vantages = sorted({moment.vantage for moment in moments})
    for at, vantage in enumerate(vantages):
        own = [moment for moment in moments if moment.vantage == vantage]
        times = [parse_stamp(moment.at) for moment in own]
        share = [100 * moment.met / (moment.met + moment.unmet + moment.unknown) for moment in own]
        axes.step(times, share, where="post", label=vantage, **_style(at))  # type: ignore[arg-type]
    if vantages:
        axes.legend(loc="lower right", frameon=False)
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        locator = AutoDateLocator(maxticks=6)  # type: ignore[no-untyped-call]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        axes.set_xlabel("UTC")
    else:
        axes.text(0.5, 0.5, "nothing was looked at yet", transform=axes.transAxes, ha="center")
