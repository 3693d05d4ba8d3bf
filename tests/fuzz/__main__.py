"""`make fuzz`: a coverage-guided fuzzer over text -> plan -> manifests, made of atheris (libFuzzer).

It starts from every ci.yaml of the tests and examples, joins them with the language's own words, and keeps what
reaches new code in a folder outside of the checkout, so that a later run goes on from there. A crash is written to
tests/fuzz/finds, where `make unit` tries it again for ever.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import sys

import atheris

from tests.fuzz.seeds import FINDS, ROOT, seed_files

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "argosy" / "fuzz"
_SLOWEST = 60  # seconds for one input, on a machine that may be busy
_MOST_MEMORY = 2048  # MiB
_LONGEST = 20_000  # bytes
_MORE_WORDS = {
    "${{ ",
    " }}",
    "changed(",
    "hash(",
    "files.",
    "matrix.",
    "needs.",
    "&a ",
    "*a",
    "<<: ",
    "|-\n  ",
    "!",
    "'",
    '"',
}


def main() -> None:
    """Runs until the time is over or something breaks; then the exit code is not 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="how long (60)")
    parser.add_argument("--seed", type=int, default=0, help="libFuzzer's seed; 0 takes another one each time")
    asked = parser.parse_args()
    with atheris.instrument_imports(include=["generator"]):
        from tests.fuzz.target import try_bytes  # noqa: PLC0415  (what is imported here is instrumented)
    seeds = CACHE / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    (CACHE / "corpus").mkdir(exist_ok=True)
    words = CACHE / "words"
    words.write_text(_dictionary(), encoding="ascii")
    for number, file in enumerate(seed_files()):
        (seeds / f"{number:04d}").write_bytes(file.read_bytes())
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={int(asked.minutes * 60)}",
            f"-timeout={_SLOWEST}",
            f"-rss_limit_mb={_MOST_MEMORY}",
            f"-seed={asked.seed}",
            f"-dict={words}",
            f"-artifact_prefix={FINDS}/",
            "-print_final_stats=1",
            f"-max_len={_LONGEST}",
            str(CACHE / "corpus"),
            str(seeds),
        ],
        try_bytes,
    )
    atheris.Fuzz()


def _dictionary() -> str:
    """The words of the language that the schema shows, as a dictionary of libFuzzer."""
    text = (ROOT / "docs/reference/ci.schema.json").read_text(encoding="utf-8")
    words = set(re.findall(r'"([a-z][a-z_-]{1,24})"', text))
    words |= _MORE_WORDS
    return "".join(f'"{_escaped(word)}"\n' for word in sorted(words))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\x0a")


if __name__ == "__main__":
    main()
