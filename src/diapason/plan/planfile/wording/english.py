"""What each fault says in English."""

# code: (what is wrong, what to write instead)
SENTENCES: dict[str, tuple[str, str]] = {
    # The file
    "a-folder": ("This is a folder.", "Give the path of the plan's file inside it."),
    "not-a-file": ("There is no file of this name.", "Give the path of an existing plan file."),
    "unreadable": ("The file can’t be opened ({value}).", "Give the program the right to read it."),
    "too-big": (
        "The file is larger than {limit} MB, so it was not read.",
        "Keep only the plan in it: a complete plan weighs less than 200 kB.",
    ),
    "too-many": (
        "The file holds more than {limit} values; reading stopped here.",
        "Remove what is not part of the plan.",
    ),
    "too-deep": (
        "Blocks are nested more than {limit} deep; reading stopped here.",
        "Bring this block back to the level that the format gives it.",
    ),
    "not-utf8": ("This line is not encoded in UTF-8.", "Save the file again as UTF-8."),
    "bad-character": (
        "This line holds a character that can’t be printed ({value}).",
        "Delete it, then type the text again.",
    ),
    "empty": (
        "The file is empty.",
        "Start with “schema: 1”, then follow the example of the documentation.",
    ),
    "several-documents": (
        "A second document starts here.",
        "Remove “---”: one file holds one plan.",
    ),
    "alias": (
        "Anchors and aliases (“&{value}”, “*{value}”) are refused.",
        "Write the value out in full at each place.",
    ),
    "tag": ("The tag “{value}” is refused.", "Write the plain value, without a tag."),
    "bad-key": ("A key must be one word.", "Write “key: value”, with a word before the colon."),
    "bad-yaml": (
        "This is not readable YAML: {problem}.",
        "Check the indentation and the dashes around this line.",
    ),
    "bad-yaml-tab": ("This line is indented with a tab.", "Replace the tab with spaces."),
    "bad-yaml-colon": (
        "A colon or an indentation can’t be understood here.",
        "Put a text that holds “: ” between quotes, and align the keys of one block.",
    ),
    "bad-yaml-quote": (
        "A quotation mark is opened and never closed.",
        "Close it with the same mark.",
    ),
    "bad-yaml-bracket": (
        "A bracket or brace is not closed properly.",
        "Close it, put commas between the items, and quote texts that hold commas.",
    ),
    # The shape
    "twice": ("“{key}” is given twice; the first is on line {first}.", "Keep one of them."),
    "two-baselines": (
        "The indicator has two baselines; the first is on line {first}.",
        "Keep one “baseline”; type later values as readings.",
    ),
    "baseline-list": (
        "The indicator has a list of baselines.",
        'Write one: “baseline: {{period: "2018", value: 47}}”; type later values as readings.',
    ),
    "unknown-key": ("“{key}” is not a key of this block.", "Write one of: {choices}."),
    "unknown-key-near": ("“{key}” is not a key of this block.", "Write “{near}”."),
    "missing-key": ("“{key}” is missing.", "Add “{key}: …” to this block."),
    "missing-word": ("“{key}” is missing.", "Add “{key}: …”, one of: {choices}."),
    "wrong-type": ("“{key}” is {found} where {expected} is expected.", "Write “{example}”."),
    "unknown-word": ("“{value}” is not a value of “{key}”.", "Write one of: {choices}."),
    "unknown-word-near": (
        "“{value}” is not a value of “{key}”.",
        "Write “{near}”.",
    ),
    "wrong-constant": (
        "“{key}” can only be {expected}.",
        "Write “{key}: {expected}”, or remove the line.",
    ),
    "bad-code": (
        "“{value}” is not a code.",
        "Write lower-case letters and digits joined by hyphens, such as “{example}”.",
    ),
    "bad-date": ("“{value}” is not a date.", "Write year-month-day, such as 2018-12-31."),
    "bad-url": (
        "“{value}” is not a web address.",
        "Write it in full, such as https://example.org/page.",
    ),
    "bad-language": (
        "“{value}” is not a language code.",
        "Write two letters in lower case, such as fr or en.",
    ),
    "bad-measure": (
        "“{value}” is not the name of a measure.",
        "Write room.measure, such as desk.enterprises_incubated.",
    ),
    "bad-unknown": (
        "“{value}” can’t be understood as “{key}”.",
        "Write “{example}”, or the word unknown when the plan still has to say.",
    ),
    "out-of-bounds": ("{value} is too {side} for “{key}”.", "Write a number {bound}."),
    "wrong-length": ("“{key}” is too long or empty.", "Shorten it, or give at least one item."),
    # The sense
    "duplicate-code": (
        "The code “{value}” is already that of another {what}, on line {first}.",
        "Give this {what} a code of its own, such as “{example}”.",
    ),
    "duplicate-number": (
        "The number {value} is already taken on line {first}.",
        "Give it the next free number: {example}.",
    ),
    "unknown-reference": ("No {what} has the code “{value}”.", "Write one of: {choices}."),
    "unknown-reference-near": (
        "No {what} has the code “{value}”.",
        "Write “{near}”, or add it to the plan.",
    ),
    "repeated-reference": ("“{value}” is named twice in this list.", "Keep it once."),
    "linked-to-itself": (
        "The action “{value}” is linked to itself.",
        "Remove this code from “links”.",
    ),
    "axis-twice": (
        "“{value}” is the action’s first axis and a secondary one.",
        "Remove it from “secondary_axes”.",
    ),
    "task-circle": (
        "The task “{value}” ends up inside itself through its parents.",
        "Remove “parent” from one of these tasks: {choices}.",
    ),
    "no-axis": (
        "The action “{value}” has no {key}.",
        "Add “{key}: …”, or “cross_sectional: true” if it serves the whole plan.",
    ),
    "cross-sectional": (
        "A cross-sectional action has no “{key}”.",
        "Remove “{key}”, or remove “cross_sectional: true”.",
    ),
    "missing-translation": (
        "This text is missing in “{value}”.",
        "Add “{value}: …” beside the other languages.",
    ),
    "one-language-text": (
        "This text is given once, but the plan speaks {choices}.",
        "Write it in each language: {example}.",
    ),
    "extra-language": (
        "“{value}” is not one of the plan’s languages.",
        "Remove this text, or add {value} to “languages”.",
    ),
    "empty-text": ("This text is empty.", "Write the text, or remove the key if it is optional."),
    "repeated-language": (
        "The language “{value}” is listed twice.",
        "Keep it once in “languages”.",
    ),
    "dates-out-of-order": (
        "“{key}” ({value}) comes before “{other}” ({first}).",
        "Write a day on or after {first}, or correct “{other}”.",
    ),
    "plan-too-long": (
        "The plan lasts more than {limit} years.",
        "Correct the year of “starts” or “ends”.",
    ),
    "year-outside": (
        "The year {value} is outside the plan ({first} to {last}).",
        "Write a year from {first} to {last}.",
    ),
    "bare-period": (
        "The period {value} has no quotes, so it reads as a number.",
        'Write period: "{value}".',
    ),
    "bad-period": ("“{value}” is not a period.", 'Write {example}, or "plan" for the whole plan.'),
    "period-kind": (
        "“{value}” is not a {what}, which is what this plan is evaluated over.",
        'Write {example}, or "plan" for the whole plan.',
    ),
    "period-outside": (
        "The target of {value} is outside the plan ({first} to {last}).",
        "Write a period within these dates, such as {example}.",
    ),
    "two-targets": (
        "{value} has two targets; the first is on line {first}.",
        "Keep one target for each period.",
    ),
    "no-goal": (
        "This target sets no goal.",
        "Add one of: value, min, low with high, per_event, or “unknown: true”.",
    ),
    "several-goals": (
        "This target sets several goals: {choices}.",
        "Keep one of: value, min, low with high, per_event, unknown.",
    ),
    "half-range": (
        "“{key}” stands alone.",
        "Add “{other}”, or write “min” for a goal with no upper end.",
    ),
    "range-reversed": (
        "The low end {low} is above the high end {high}.",
        "Write low: {high}, high: {low}.",
    ),
    "cents": ("{value} has more than two decimals.", "Round it to the cent: {example}."),
    "no-origin": (
        "Nothing feeds this indicator.",
        "Add “measure: room.measure”, or “declared: true” if a person types it.",
    ),
    "two-origins": (
        "This indicator is both measured and declared.",
        "Keep “measure” (with “measured_from” if it begins later), or “declared: true”.",
    ),
    "measured-from-declared": (
        "“measured_from” has no meaning for a declared indicator.",
        "Remove it, or name the measure that takes over.",
    ),
    "lag-missing": (
        "A cohort needs to know when to look back.",
        "Add “lag_years”, such as “lag_years: 1” for one year after.",
    ),
    "lag-needless": (
        "“lag_years” only has a meaning for a cohort.",
        "Remove it, or write “aggregation: cohort”.",
    ),
    "per-event-needless": (
        "“per_event” only has a meaning for an indicator taken at each event.",
        "Write “value”, or “aggregation: per_event”.",
    ),
    "per-event-expected": (
        "An indicator taken at each event has its goal at each event.",
        "Write “per_event” instead of “{key}”.",
    ),
    "unknown-measure": (
        "The room “{room}” offers no measure “{value}”.",
        "Write one of: {choices}; or “declared: true”.",
    ),
    "unknown-measure-near": ("The room “{room}” offers no measure “{value}”.", "Write “{near}”."),
    "not-yet-measurable": (
        "“{value}” is not yet measurable: the room “{room}” is not installed.",
        "Nothing to change if the room is on its way; else check the name.",
    ),
    "too-many-faults": (
        "There are more faults than these {limit}.",
        "Mend these, then check again.",
    ),
}

# Words that are put into the sentences above.
WORDS: dict[str, str] = {
    "axis": "axis",
    "action": "action",
    "task": "task",
    "organisation": "organisation",
    "indicator": "indicator",
    "budget line": "budget line",
    "no axis": "axis",
    "no action": "action",
    "no task": "task of this action",
    "no organisation": "organisation",
    "calendar_year": "calendar year",
    "school_year": "school year",
    "quarter": "quarter",
    "file": "the file",
    "object": "a block of keys",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "empty",
    "low": "small",
    "high": "large",
}
