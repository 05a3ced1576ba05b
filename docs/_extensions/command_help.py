"""The directive ``{help}``: what ``symgan COMMAND --help`` prints, from the command itself."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("help", Help)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class Help(SphinxDirective):
    """The help text of one command, as a literal block."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Ask the command for its help."""
        words = self.arguments[0].split() if self.arguments else []
        try:
            block = nodes.literal_block("", help_of(words))
        except LookupError as error:
            return [self.state.document.reporter.warning(str(error), line=self.lineno)]
        block["language"] = "text"
        return [block]


def help_of(words: list[str]) -> str:
    """What a command prints when it is asked for help."""
    import typer.main

    from symgan.cli.app import app

    command: Any = typer.main.get_command(app)
    context = command.make_context("symgan", [], resilient_parsing=True)
    for word in words:
        command = command.get_command(context, word)
        if command is None:
            raise LookupError(f"symgan has no command {' '.join(words)}")
        context = command.make_context(word, [], parent=context, resilient_parsing=True)
    return command.get_help(context).rstrip()
