"""The plan as a file: read it, check it, say what is wrong and how to mend it.

Knows no database and no framework: ``read`` takes a path and returns the plan and its faults.
"""

from diapason.plan.planfile.faults import Fault, as_json, describe
from diapason.plan.planfile.model import PlanFile
from diapason.plan.planfile.reading import parse, read
from diapason.plan.planfile.shape import schema

__all__ = ["Fault", "PlanFile", "as_json", "describe", "parse", "read", "schema"]
