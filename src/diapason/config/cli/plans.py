"""`check-plan`, `load-plan`, `evaluate`, `evidence`."""

from __future__ import annotations

import json
from datetime import date
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

import click

from diapason.config import starting, words
from diapason.config.cli.options import Day, common, need_database, say
from diapason.config.cli.tables import table
from diapason.config.failures import Failure
from diapason.plan import planfile

PLAN_FILE = click.Path(path_type=Path)


def _no_plan() -> Failure:
    return Failure(_("No plan is loaded yet: load one with `diapason load-plan FILE`."))


def read_plan(path: Path) -> tuple[planfile.PlanFile | None, list[planfile.Fault]]:
    """The plan of a file and its faults, held against the measures of the installed rooms.

    Django must be set up.
    """
    from django.apps import apps

    from diapason.kernel import measures

    rooms = [app.label for app in apps.get_app_configs() if app.name.startswith("diapason.")]
    return planfile.read(
        path,
        known_measures=measures.offered(),
        known_rooms=rooms,
        language=words.spoken(),
    )


@click.command(
    "check-plan",
    short_help=_("Say what is wrong with a plan's file."),
    help=_(
        "Say what is wrong with a plan's file, line by line, and what to write instead.\n\n"
        "Needs no database. Ends with 1 where there is an error; warnings alone are well."
    ),
)
@click.argument("file", type=PLAN_FILE)
@click.option("--json", "as_json", is_flag=True, help=_("Write the faults as JSON."))
@common
def check_plan(file: Path, as_json: bool) -> int:
    """Writes nothing anywhere."""
    # What cannot even be read as a plan is told at once, before the rooms are loaded.
    plan, faults = planfile.read(file, language=words.spoken())
    if plan is not None or len(faults) > 1:
        starting.start(detached=True)
        plan, faults = read_plan(file)
    if as_json:
        click.echo(planfile.as_json(faults))
    else:
        for fault in faults:
            click.echo(planfile.describe(fault))
        if plan is not None:
            click.echo(_summary(plan, file))
    return 0 if plan is not None else 1


def _summary(plan: planfile.PlanFile, file: Path) -> str:
    return _("%(file)s is a sound plan: %(actions)d actions, %(indicators)d indicators.") % {
        "file": file,
        "actions": len(plan.actions),
        "indicators": sum(len(action.indicators) for action in plan.actions),
    }


def tell_faults(plan: planfile.PlanFile | None, faults: list[planfile.Fault]) -> None:
    """The errors of a file, or only how many warnings it has when it can be loaded."""
    if plan is None:
        for fault in faults:
            say(planfile.describe(fault))
    elif faults:
        say(
            ngettext(
                "%d warning: `diapason check-plan` tells it.",
                "%d warnings: `diapason check-plan` tells them.",
                len(faults),
            )
            % len(faults)
        )


@click.command(
    "load-plan",
    short_help=_("Load a plan's file."),
    help=_(
        "Load a plan's file, showing every difference with what was loaded before.\n\nLoading the "
        "same file again changes nothing. What people decided since stays."
    ),
)
@click.argument("file", type=PLAN_FILE)
@click.option("--dry-run", is_flag=True, help=_("Show the differences and change nothing."))
@click.option("--reason", default="", help=_("Why, for the history."))
@common
def load_plan(file: Path, dry_run: bool, reason: str) -> int:
    """Side effects: those of `diapason.plan.api.load`."""
    if not file.is_file():
        raise Failure(_("There is no file %s: give the path of a plan's file.") % file)
    with need_database():
        plan, faults = read_plan(file)
        tell_faults(plan, faults)
        if plan is None:
            raise Failure(_("Nothing was loaded: mend the file first."))
        from diapason.plan import api

        report = api.load(plan, dry_run=dry_run, reason=reason)
        for line in report.lines:
            click.echo(line)
        if not report.empty:
            count = len(report.changes)
            click.echo(
                ngettext("%d change, not written.", "%d changes, not written.", count) % count
                if dry_run
                else ngettext("%d change written.", "%d changes written.", count) % count
            )
    return 0


@click.command(
    short_help=_("Show every figure against its target."),
    help=_(
        "Show every indicator's figure, target and status, in the running period or, once the plan "
        "is over, its last."
    ),
)
@click.option("--at", type=Day(), help=_("As known at the end of that day (2020-06-30)."))
@click.option("--all-periods", is_flag=True, help=_("Every period of the plan."))
@click.option("--json", "as_json", is_flag=True, help=_("Write a list of objects as JSON."))
@common
def evaluate(at: date | None, all_periods: bool, as_json: bool) -> None:
    """Reads only."""
    with need_database():
        from diapason.plan import api

        figures = api.evaluate(at=at, all_periods=all_periods)
        if figures is None:
            raise _no_plan()
        if as_json:
            described = [describe_figure(figure) for figure in figures]
            click.echo(json.dumps(described, ensure_ascii=False, indent=2))
        else:
            click.echo(_figures_table(figures))


def describe_figure(figure: Any) -> dict[str, Any]:
    """A figure as plain values: `target` is a number where the plan sets one value, otherwise an
    object in the words of plan files; `coverage` is a share from 0 to 1, null where nobody is
    asked."""
    return {
        "action": figure.action,
        "indicator": figure.indicator,
        "period": figure.period.key,
        "value": _plain(figure.value),
        "target": _target(figure.goal),
        "status": figure.status.value,
        "coverage": figure.coverage,
        "evidence_count": figure.evidence_count,
    }


def _target(goal: Any) -> Any:
    if goal is None:
        return None
    if goal.unknown:
        return {"unknown": True}
    low, high = _plain(goal.low), _plain(goal.high)
    if goal.per_event:
        return {"per_event": high if low is None else low}
    if goal.exact:
        return high if low is None else low
    if goal.is_range:
        return {"low": low, "high": high}
    return {"min": low} if high is None else {"max": high}


def _plain(value: Any) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _figures_table(figures: list[Any]) -> str:
    from diapason.plan.contracts.loads import described

    headings = [
        _("action"), _("indicator"), _("period"), _("value"), _("target"), _("status"),
        _("coverage"), _("rows"),
    ]  # fmt: skip
    rows = []
    for figure in figures:
        replied = "" if figure.asked is None else f"{figure.replied}/{figure.asked}"
        rows.append(
            [
                figure.action,
                figure.indicator,
                figure.period.key,
                _shown(figure.value),
                "–" if figure.goal is None else described(figure.goal),
                _status(figure),
                replied,
                str(figure.evidence_count),
            ]
        )
    return table(headings, rows, right={3, 7})


def _shown(value: Any) -> str:
    """A figure in the reader's language; an average to its hundredths."""
    from diapason.plan.contracts.loads import shown

    return shown(None if value is None else round(value, 2))


def _status(figure: Any) -> str:
    """The status; for a figure that is known and has none, why."""
    from diapason.plan.contracts import Status

    unjudged = figure.status is Status.UNKNOWN and figure.value is not None
    return str(figure.why.label if unjudged else figure.status.label)


@click.command(
    short_help=_("Show the rows that a figure is made of."),
    help=_(
        "Show the rows that an indicator's figure is made of, as the public sees them: rows that "
        "it may not open are counted without their name."
    ),
)
@click.argument("indicator")
@click.option(
    "--period", default="", help=_("2019, 2019-Q1, 2019-2020 or plan; else the running one.")
)
@click.option("--at", type=Day(), help=_("As known at the end of that day (2020-06-30)."))
@click.option("--as", "email", default="", help=_("As the account of that address sees them."))
@click.option("--csv", "as_csv", is_flag=True, help=_("Write CSV, the same on every machine."))
@common
def evidence(indicator: str, period: str, at: date | None, email: str, as_csv: bool) -> None:
    """Reads only."""
    with need_database():
        from diapason.plan import api

        try:
            proof = api.prove(indicator, period=period, at=at, reader=_reader(email))
        except api.UnknownIndicator as error:
            raise Failure(_unknown(error)) from error
        except ValueError as error:
            raise Failure(
                _("%s is not a period of this plan: write 2019, 2019-Q1, 2019-2020 or plan.")
                % period
            ) from error
        if proof is None:
            raise _no_plan()
        figure, lines = proof
        if as_csv:
            _write_csv(lines)
        else:
            _write_rows(figure, lines)


def _unknown(error: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(error.code, error.known, n=3)
    return _("The plan has no indicator %(code)s: write one of %(known)s.") % {
        "code": error.code,
        "known": ", ".join(near or error.known),
    }


def _reader(email: str) -> Any:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    if not email:
        return AnonymousUser()
    user = get_user_model()._default_manager.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise Failure(_("No active account has the address %s.") % email)
    return user


def _write_csv(lines: Any) -> None:
    from django.utils import translation

    from diapason.kernel.spreadsheets import Heading, csv_parts

    columns = ("on", "label", "amount", "denominator", "entity", "url")
    rows = ([getattr(line, column) for column in columns] for line in lines)
    with translation.override("en"):
        out = click.get_binary_stream("stdout")
        for part in csv_parts([Heading(column) for column in columns], rows):
            out.write(part.removeprefix(b"\xef\xbb\xbf"))
        out.flush()


def _write_rows(figure: Any, lines: Any) -> None:
    from diapason.plan.contracts.loads import described, shown

    rows = [
        [
            "" if line.on is None else line.on.isoformat(),
            line.label if line.named else _("(not public)"),
            shown(line.amount),
        ]
        for line in lines
    ]
    click.echo(table([_("date"), _("row"), _("amount")], rows, right={2}))
    click.echo(
        ngettext(
            "%(indicator)s, %(period)s: %(value)s, made of %(rows)d row; target %(target)s; "
            "%(status)s.",
            "%(indicator)s, %(period)s: %(value)s, made of %(rows)d rows; target %(target)s; "
            "%(status)s.",
            figure.evidence_count,
        )
        % {
            "indicator": figure.indicator,
            "period": figure.period.label,
            "value": _shown(figure.value),
            "rows": figure.evidence_count,
            "target": "–" if figure.goal is None else described(figure.goal),
            "status": _status(figure),
        }
    )
