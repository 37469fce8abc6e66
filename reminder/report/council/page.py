"""The report as one HTML page that stands alone: no script, nothing from elsewhere, its own style and nothing else allowed."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

import jinja2
from markupsafe import Markup

from reminder.report.council.blocks import Chart, Document, Heading, Paragraph, Points, Table
from reminder.report.council.chart import draw_chart
from reminder.report.words import LIGHT_SHAPES

TEMPLATE, STYLE = "report/report.html.j2", "report/report.css"
KINDS = {Heading: "heading", Paragraph: "paragraph", Points: "points", Table: "table", Chart: "chart"}


def render_page(document: Document, loader: jinja2.BaseLoader) -> bytes:
    """The page. `loader` finds `report/…` among the templates."""
    environment = _open_templates(loader)
    style = loader.get_source(environment, STYLE)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rendered = environment.get_template(TEMPLATE).render(
        document=document,
        kind_of=lambda block: KINDS[type(block)],
        draw=lambda chart: Markup(draw_chart(chart, document.language)),  # noqa: S704 - escaped where it is drawn
        shapes=LIGHT_SHAPES,
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )
    return rendered.encode()


@lru_cache(maxsize=4)
def _open_templates(loader: jinja2.BaseLoader) -> jinja2.Environment:
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
