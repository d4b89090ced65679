"""Commands beside an interpreter that does nothing, and how `status` grows."""

from collections import defaultdict

from tests.bench.figures import Figure, Series
from tests.bench.homes import environment, homes, igauth, python
from tests.bench.processes import run

_MANY = 10_000


def commands(runs: int) -> list[Figure]:
    """Run each command in turns."""
    found: dict[str, list[float]] = defaultdict(list)
    with homes(1, 10, 1_000, _MANY) as made:
        few = environment(made[10])
        cases = {
            "pass": (python("-c", "pass"), few),
            "--version": (igauth("--version"), few),
            "--help": (igauth("--help"), few),
            "status": (igauth("status"), few),
            "json": (igauth("status", "--json"), few),
            "one": (igauth("status"), environment(made[1])),
            "thousand": (igauth("status"), environment(made[1_000])),
            "many": (igauth("status"), environment(made[_MANY])),
        }
        for number in range(runs + 1):
            for name, (argv, env) in cases.items():
                milliseconds = run(argv, env).wall
                if number:
                    found[name].append(milliseconds)
    floor = Series("python -c pass", tuple(found["pass"]))

    def ratio(what: str, name: str, reach: float) -> Figure:
        return Figure("commands", what, "ms", Series(name, tuple(found[name])), reach, floor)

    grown = tuple((many - one) * 1000 / (_MANY - 1) for one, many in zip(found["one"], found["many"], strict=True))
    first = tuple((more - one) * 1000 / 999 for one, more in zip(found["one"], found["thousand"], strict=True))
    return [
        ratio("igauth --version", "--version", 5),
        ratio("igauth --help", "--help", 5),
        ratio("igauth status, 10 tokens", "status", 8),
        ratio("igauth status --json, 10 tokens", "json", 8),
        Figure("commands", "status, each token up to 1,000", "us", Series("growth", first), 20),
        Figure("commands", "status, each token up to 10,000", "us", Series("growth", grown), 20),
    ]
