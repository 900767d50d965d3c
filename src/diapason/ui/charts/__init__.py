"""Charts as plain data: pure functions give places and sizes, Django templates draw the SVG.

Numbers come in twice: as floats to be placed, and as strings already written in the reader's
language. Nothing here reads the database or the request.
"""

from diapason.ui.charts.strips import (
    Bar,
    Part,
    Strip,
    Task,
    Timeline,
    bar,
    bars,
    share,
    timeline,
)
from diapason.ui.charts.trajectory import Forecast, Goal, Point, Trajectory, trajectory

__all__ = [
    "Bar",
    "Forecast",
    "Goal",
    "Part",
    "Point",
    "Strip",
    "Task",
    "Timeline",
    "Trajectory",
    "bar",
    "bars",
    "share",
    "timeline",
    "trajectory",
]
