"""Fields of the plan that are about nobody."""

NOT_PERSONAL = {
    "plan.PlanLoad.reason": "why the plan's text changed",
    "plan.Reading.note": "how the figure was counted",
    "plan.Reading.return_reason": "what is to be mended in the figure",
    "plan.Target.reason": "why the committee changed the target",
}
