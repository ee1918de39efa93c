"""The answer and the figures that the README shows, made from the scenario that it talks about.

python3 start.py readme                 make them anew
python3 start.py readme --check FOLDER  write the figures to a folder instead, and fail if the README's answer is not
                                        what the program prints, or a figure that it shows is not made here
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final

from click.testing import CliRunner

import simulator as sg
from simulator.cli import main as stagger

ROOT: Final = Path(__file__).resolve().parent.parent
DOCS: Final = ROOT / "docs"
README: Final = ROOT / "README.md"
SCENARIO: Final = ROOT / "scenarios" / "shared-services-2022.yaml"
ANSWER: Final = re.compile(r"(<!-- answer -->\n\n).*?(\n<!-- end of answer -->)", re.DOTALL)
OF_ONE: Final = ("s-curve", "time-spent")
OF_SEVERAL: Final = ("risk-late",)
FIGURE: Final = re.compile(r"\(docs/([^)]+\.png)\)")


def main(arguments: list[str]) -> int:
    """The exit status: 1 where the README tells something else."""
    parser = argparse.ArgumentParser(prog="make.py", description="Make what the README shows.")
    parser.add_argument("--check", metavar="FOLDER", type=Path, help="compare, and write the figures there")
    folder: Path | None = parser.parse_args(arguments).check
    text = README.read_text(encoding="utf-8")
    made, files = with_answer(text), figures()
    for name, content in files.items():
        ((folder or DOCS) / name).write_bytes(content)
    if folder is None:
        README.write_text(made, encoding="utf-8")
        return 0
    wrong = [*faults(text, made), *(f"docs/{name} is not made" for name in FIGURE.findall(text) if name not in files)]
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


def with_answer(text: str) -> str:
    """The README with what `stagger run` prints, indented as Markdown shows it."""
    done = CliRunner().invoke(stagger, ["run", str(SCENARIO)], catch_exceptions=False)
    block = "".join(f"    {line}\n" if line else "\n" for line in done.stdout.rstrip().splitlines())
    return ANSWER.sub(lambda found: found[1] + block + found[2], text)


def figures() -> dict[str, bytes]:
    """The README's pictures by file name."""
    scenario = sg.load(SCENARIO)
    one, several = sg.run(scenario).plot, sg.compare(scenario).plot
    chosen = [*(one.illustrate(name) for name in OF_ONE), *(several.illustrate(name) for name in OF_SEVERAL)]
    return {f"{each.name}.png": each.file("png") for each in chosen}


def faults(text: str, made: str) -> list[str]:
    """Lines of the README that are no longer what the program prints."""
    if not ANSWER.search(text):
        return ["README.md has no answer between its two marks"]
    pairs = enumerate(zip(text.splitlines(), made.splitlines(), strict=False), start=1)
    found = [f"README.md:{number}: “{old}” should be “{new}”" for number, (old, new) in pairs if old != new]
    return found if found or text == made else ["README.md: the answer is longer or shorter"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
