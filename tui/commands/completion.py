"""`igauth completion`: the shell's completion script."""

import click

from tui.commands.pipe import put


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of a shell, such as for `eval "$(igauth completion bash)"`."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    root = click.get_current_context().find_root().command
    put(kind(root, {}, "igauth", "_IGAUTH_COMPLETE").source())
    return 0
