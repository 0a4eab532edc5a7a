"""The picture of a backtest: alerts lost and gained by typology, and the work that each version makes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ringfence.desks.payments.recommend import LADDER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by eyes that see few colours (Okabe and Ito), and by their hatches.
_OLD, _NEW, _LOST, _GAINED = "#999999", "#0072B2", "#D55E00", "#009E73"
_SIZE: Final = (11, 4.6)


def draw(found: dict[str, Any], path: Path) -> None:
    """Write the picture (.png or .svg) of what `backtest.compared` found."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "ringfence"  # the same comparison draws the same bytes
    from matplotlib import pyplot as plt

    with plt.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure, (alerts, work) = plt.subplots(1, 2, figsize=_SIZE, layout="constrained")
        _alerts(alerts, found)
        _work(work, found)
        title = f"Rules {found['old']['rules']} and {found['new']['rules']} over the same payments"
        figure.suptitle(title, x=0.01, ha="left", weight="bold")
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {}, dpi=150)
        plt.close(figure)


def _alerts(axes: Axes, found: dict[str, Any]) -> None:
    rows = found["typologies"][::-1]
    names = [row["typology"] for row in rows]
    lost, gained = [-row["lost"] for row in rows], [row["gained"] for row in rows]
    axes.barh(names, lost, color=_LOST, hatch="//", edgecolor="white", label="lost")
    axes.barh(names, gained, color=_GAINED, label="gained")
    for at, row in enumerate(rows):
        axes.annotate(
            f"{row['kept']} kept", (1, at), xycoords=("axes fraction", "data"), ha="right", va="center",
            color="#555555", fontsize=8,
        )  # fmt: skip
    most = max([1, *gained, *(-one for one in lost)])
    axes.set_xlim(-1.15 * most, 1.6 * most)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    axes.set_title("Alerts by typology", loc="left")
    axes.set_xlabel("alerts lost (left) and gained (right)")
    axes.legend(frameon=False, loc="lower left", fontsize=8)


def _work(axes: Axes, found: dict[str, Any]) -> None:
    names = LADDER[1:]
    for shift, which, colour in ((-0.2, "old", _OLD), (0.2, "new", _NEW)):
        counts = [found[which]["accounts"][name] for name in names]
        bars = axes.bar(
            [at + shift for at in range(len(names))], counts, 0.38, color=colour,
            label=f"{which} ({found[which]['rules']})",
        )  # fmt: skip
        axes.bar_label(bars, fontsize=8)
    axes.set_xticks(range(len(names)), names)
    axes.set_title("Accounts by recommendation", loc="left")
    axes.set_ylabel("accounts")
    axes.legend(frameon=False, fontsize=8)
    lines = []
    for which in ("old", "new"):
        told = found[which]["right"]
        if told:
            halt, percent = told["halt"], told["wrongful_halts_percent_of_honest"]
            lines.append(
                f"{which}: halts recall {_said(halt['recall'])}, precision {_said(halt['precision'])},\n"
                f"wrongful halts {told['wrongful_halts']} ({_said(percent)} % of honest)"
            )
    if lines:
        axes.set_xlabel("\n".join(lines), fontsize=8, loc="left")


def _said(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"
