"""`make pythons`: the same bytes from every Python that argosy supports, and from every hash seed.

For each Python named, an environment with the locked libraries is made in the cache folder, and the golden runs and the
corpus are expanded in it, each with several hash seeds; what comes out is compared with the golden files.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements" / "runtime.txt"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "argosy" / "pythons"
SEEDS = ("0", "1", "4294967295")


def main() -> None:
    """Prints a line for each Python; ends with 1 where one gives other bytes."""
    parser = argparse.ArgumentParser(prog="python -m tests.pythons", description=__doc__)
    parser.add_argument("pythons", nargs="*", default=["python3.11", "python3.12", "python3.13"], help="programs")
    runs = sorted(file.parent for file in ROOT.glob("tests/golden/**/workflow.yaml"))
    different = False
    for python in parser.parse_args().pythons:
        interpreter = _environment(python)
        wrong = [run.name for run in runs if not _is_same(interpreter, run)]
        different = different or bool(wrong)
        good = f"the same bytes for {len(runs)} runs and {len(SEEDS)} hash seeds"
        print(f"{python}: {f'other bytes for {wrong}' if wrong else good}")  # noqa: T201
    sys.exit(different)


def _environment(python: str) -> pathlib.Path:
    """An interpreter of this Python with the locked libraries; made once."""
    version = subprocess.run([python, "-c", "import sys; print(sys.version)"], check=True, capture_output=True).stdout
    key = hashlib.sha256(version + REQUIREMENTS.read_bytes()).hexdigest()[:16]
    folder = CACHE / key
    if not (folder / "ready").exists():
        subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
        (folder / "ready").touch()
    return folder / "bin" / "python"


def _is_same(interpreter: pathlib.Path, run: pathlib.Path) -> bool:
    """Whether the run's Workflow has the golden bytes, whatever the hash seed."""
    of_event = ["generator", "expand", "--event", "event.json", "--output", "yaml"]
    command = [str(interpreter), "-m", *(of_event if (run / "event.json").exists() else ["tests.corpus", run.name])]
    wanted = (run / "workflow.yaml").read_bytes()
    for seed in SEEDS:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
        done = subprocess.run(command, cwd=run, env=environment, capture_output=True, check=False)
        if done.stdout != wanted:
            return False
    return True


if __name__ == "__main__":
    main()
