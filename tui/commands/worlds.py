"""What commands that open a world share: the option that names it, and the list of the ready-made ones in the help."""

import click


class WorldCommand(click.Command):
    """Knows the worlds only when somebody asks for help: the sandbox takes a while to load."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then every ready-made world."""
        super().format_options(ctx, formatter)
        with formatter.section("Worlds"):
            formatter.write_dl(list(summaries().items()))


def summaries() -> dict[str, str]:
    """Return each ready-made world with what it is, the default first."""
    from tui.sandbox.world import world_names, world_summary

    return {name: world_summary(name) for name in world_names()}


def _complete(_context: click.Context, _option: click.Parameter, typed: str) -> list[str]:
    return [name for name in summaries() if name.startswith(typed)]


world_option = click.option(
    "--world",
    default="default",
    show_default=True,
    metavar="NAME|FILE",
    shell_complete=_complete,
    help="One of the worlds named below, or a TOML file that describes one.",
)
