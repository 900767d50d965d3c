"""Figures in words and drawings, in the reader's language. Nothing here asks the database."""

from diapason.plan.queries.presenting.drawing import (
    Summary,
    breakdown,
    small_bar,
    summary,
    trajectory,
)
from diapason.plan.queries.presenting.rows import (
    Count,
    EvidenceColumn,
    counting_sentence,
    dimension,
    evidence_columns,
    narrowed_sentence,
)
from diapason.plan.queries.presenting.words import (
    amount,
    counted_how,
    coverage,
    explain,
    face,
    goal,
    goal_beside,
    joins,
    of_goal,
    source_words,
    status_word,
    told,
    verdict,
)

__all__ = [
    "Count",
    "EvidenceColumn",
    "Summary",
    "amount",
    "breakdown",
    "counted_how",
    "counting_sentence",
    "coverage",
    "dimension",
    "evidence_columns",
    "explain",
    "face",
    "goal",
    "goal_beside",
    "joins",
    "narrowed_sentence",
    "of_goal",
    "small_bar",
    "source_words",
    "status_word",
    "summary",
    "told",
    "trajectory",
    "verdict",
]
