"""How to ask for the style guide's pages."""

from tests.trust.examples import Example

EXAMPLES = {
    "ui:styleguide-error": Example(own=lambda world, person: {"code": "404"}),
    "ui:language": Example(own=lambda world, person: {"code": "en"}),
}
