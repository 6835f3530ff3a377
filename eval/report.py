"""The HTML report of a measurement: one file that needs nothing else, in French.

Plots are SVG images carried in the page (data URIs), drawn by matplotlib without a screen; text
from questions, answers and passages is escaped. The page's policy forbids scripts and remote assets.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from corpus.errors import UsageError, in_french
from eval.metrics import Estimate
from eval.result import TIMES, Comparison, Failure, Result, comparison_lines, figure, french
from eval.scoring import BY_KIND, KINDS, LABELS

_INK, _SOFT, _LINE = "#1f5f5b", "#9cc3bf", "#444444"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #ccc; vertical-align: top; }
td { white-space: nowrap; }
img { max-width: 100%; height: auto; } summary { cursor: pointer; } details { margin: .5rem 0; } ol, p { margin: .25rem 0 .5rem; }
"""


def write(result: Result, path: Path) -> None:
    """Write the report. Raises UsageError where the file cannot be written."""
    try:
        path.write_text(page(result), "utf-8")
    except OSError as error:
        raise UsageError(f"Le rapport {path} ne peut pas être écrit ({in_french(error)}).", "Donnez un autre chemin.") from error


def page(result: Result) -> str:
    """The whole page."""
    title = f"Évaluation : {result.gold}, système « {result.system} »"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    head = ['<meta charset="utf-8">', policy, f"<title>{escape(title)}</title>", f"<style>{_STYLE}</style>"]
    body = [f"<h1>{escape(title)}</h1>", *_body(result)]
    return "\n".join(["<!DOCTYPE html>", '<html lang="fr">', "<head>", *head, "</head>", "<body>", *body, "</body>", "</html>", ""])


def _body(result: Result) -> Iterator[str]:
    yield f"<p>Tâche « {escape(result.task)} », {result.cases} questions, modèle {escape(result.model)}.</p>"
    yield "<p>Entre crochets, l'intervalle à 95 % (bootstrap) ; entre parenthèses, le nombre de questions concernées.</p>"
    yield "<h2>Mesures</h2>"
    yield from _table(("mesure", "valeur"), [(LABELS[name], figure(found)) for name, found in result.measures.items()])
    yield from (f"<p>Temps par question, {TIMES[name]} : {french(seconds)} s.</p>" for name, seconds in result.latency.items())
    yield from _plots(result)
    yield "<h2>Par genre de question</h2>"
    names = BY_KIND[result.task]
    rows = [(KINDS.get(kind, kind), *(figure(found[name]) for name in names)) for kind, found in result.by_kind.items()]
    yield from _table(("genre", *(LABELS[name] for name in names)), rows)
    if result.comparison:
        yield from _comparison(result.system, result.comparison)
    yield f"<h2>Questions manquées : {len(result.failures)}</h2>"
    for failure in result.failures:
        yield from _failure(failure)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "<table><thead><tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head) + "</tr></thead><tbody>"
    for first, *rest in rows:
        yield f'<tr><th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in rest) + "</tr>"
    yield "</tbody></table>"


def _comparison(system: str, comparison: Comparison) -> Iterator[str]:
    head, *lines = comparison_lines(system, comparison)
    yield f"<h2>Comparaison</h2><p>{escape(head)}</p><ul>"
    yield from (f"<li>{escape(line.strip())}</li>" for line in lines)
    yield "</ul>"


def _failure(failure: Failure) -> Iterator[str]:
    kind = KINDS.get(failure.kind, failure.kind)
    yield f'<details id="{escape(failure.id)}"><summary>{escape(failure.id)} ({escape(kind)}) : {escape(failure.question)}</summary>'
    yield f"<p><b>Attendu :</b> {escape(failure.expected)}</p>"
    yield f"<p><b>Répondu{' (abstention)' if failure.abstained else ''} :</b> {escape(failure.said) or '–'}</p>"
    yield "<p><b>Trouvé :</b></p><ol>" + "".join(f"<li>{escape(text)}</li>" for text in failure.retrieved) + "</ol></details>"


# Plots


def _plots(result: Result) -> Iterator[str]:
    bars = {KINDS.get(kind, kind): found["right"] for kind, found in result.by_kind.items()}
    yield _image(_bars(bars), "Part de réponses justes par genre de question, avec l'intervalle à 95 %", bars)
    prefix = "tool@" if result.task == "toolbox" else "hit@"
    curve = {name: found for name, found in result.measures.items() if name.startswith(prefix) and found.value is not None}
    if curve:
        yield _image(_curve(curve, prefix), "Part de questions servies dans les k premiers", curve)
    decision = {name: result.measures[name] for name in ("abstain_precision", "abstain_recall", "abstain_f1") if name in result.measures}
    if any(found.value is not None for found in decision.values()):
        yield _image(_bars({LABELS[name]: found for name, found in decision.items()}), "Abstention, avec l'intervalle à 95 %", decision)


def _spoken(estimates: Mapping[str, Estimate]) -> str:
    return " ; ".join(f"{LABELS.get(name, name)} {figure(found)}" for name, found in estimates.items()) + "."


def _bars(estimates: Mapping[str, Estimate]) -> Figure:
    """Horizontal bars with their intervals, in the order given."""
    drawing, axes = _axes(1.2 + 0.35 * len(estimates))
    for place, found in enumerate(estimates.values()):
        if found.value is not None and found.low is not None and found.high is not None:
            axes.barh(place, found.value, color=_SOFT)
            axes.plot([found.low, found.high], [place, place], color=_LINE, linewidth=1.5)
    axes.set_yticks(range(len(estimates)), [f"{name} ({found.cases})" for name, found in estimates.items()])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(_comma)
    return drawing


def _curve(estimates: Mapping[str, Estimate], prefix: str) -> Figure:
    """The share found in the first k, against k, with its band."""
    drawing, axes = _axes(3.2)
    depths = [int(name.removeprefix(prefix)) for name in estimates]
    axes.plot(depths, [found.value or 0.0 for found in estimates.values()], color=_INK, marker="o")
    axes.fill_between(depths, [found.low or 0.0 for found in estimates.values()], [found.high or 0.0 for found in estimates.values()], color=_SOFT, alpha=0.5)
    axes.set_xticks(depths)
    axes.set_xlabel("k")
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(_comma)
    return drawing


def _comma(value: float, _: float = 0.0) -> str:
    """A tick with a comma.

    >>> _comma(0.2)
    '0,2'
    """
    return f"{value:.1f}".replace(".", ",")


def _axes(height: float) -> tuple[Figure, Axes]:
    drawing = Figure(figsize=(7.5, height), layout="constrained")
    axes: Axes = drawing.add_subplot()
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return drawing, axes


def _image(drawing: Figure, caption: str, shown: Mapping[str, Estimate]) -> str:
    """The drawing as an image in the page, with its figures in words for who does not see it."""
    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "bao", "svg.fonttype": "path"}):  # the same bytes for the same figures
        drawing.savefig(out, format="svg", metadata={"Date": None})
    source = f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode()}"
    return f'<figure><figcaption>{escape(caption)}</figcaption><img alt="{escape(_spoken(shown))}" src="{source}"></figure>'
