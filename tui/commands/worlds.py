"""The option that names a world, and the list of ready-made worlds in the help."""

import click


class WorldCommand(click.Command):
    """A command whose help lists the worlds, loaded only for the help: the sandbox takes a while to load."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the ready-made worlds."""
        super().format_options(ctx, formatter)
        with formatter.section("Worlds"):
            formatter.write_dl(list(summaries().items()))


def summaries() -> dict[str, str]:
    """Return each ready-made world with its summary, the default first."""
    from tui.sandbox.world import world_summaries

    return world_summaries()


def _complete(_context: click.Context, _option: click.Parameter, typed: str) -> list[str]:
    return [name for name in summaries() if name.startswith(typed)]


world_option = click.option(
    "--world",
    default="default",
    show_default=True,
    metavar="NAME|FILE",
    shell_complete=_complete,
    help="World to open: one of those below, or a TOML file.",
)
