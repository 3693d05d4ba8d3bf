"""Compiles the cluster's programs from published Go modules into the cache.

In: modules/programs.toml, one Program each, with a script and extra checksums beside it where needed. Out:
PROGRAMS/NAME/bin and PROGRAMS/NAME/share. A copy of the module is compiled as the main module with its own go.mod, so
the dependencies are exactly those that upstream releases with. What was built from the same inputs is left alone.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.e2e.cluster.commands import run, timed
from tests.e2e.cluster.keys import content_key, is_fresh, write_stamp
from tests.e2e.cluster.settings import HERE, PROGRAMS

_MODULES = HERE / "modules"

# Compiling is nearly all of a cold start. No debug information is made, rather than stripped at the end, and no
# compiler process collects garbage as long as it stays below an eighth of the memory: together a third off the
# processor time. All programs share these settings, so that a package which several of them use is compiled once.
_GCFLAGS = "all=-dwarf=false"
_GOFLAGS = "-buildvcs=false -trimpath"


@dataclass(frozen=True)
class Program:
    """One Go module and what is compiled from it; the fields are described in modules/programs.toml."""

    name: str
    module: str
    version: str
    sum: str
    packages: tuple[str, ...]
    output: str = ""
    tags: str = ""
    ldflags: tuple[str, ...] = ()
    cgo: bool = False
    share: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the result lies."""
        return PROGRAMS / self.name

    @property
    def shared(self) -> Path:
        """Where the kept folders of the module lie."""
        return self.folder / "share"

    @property
    def key(self) -> str:
        """Changes with the module, its patch, the flags and the Go version."""
        extra = [path for path in (self._script, self._sums) if path.exists()]
        return content_key(repr(self), _go_version(), _GCFLAGS, _GOFLAGS, *extra)

    @property
    def _script(self) -> Path:
        return _MODULES / f"{self.name}.sh"

    @property
    def _sums(self) -> Path:
        return _MODULES / f"{self.name}.sum"

    def path(self, binary: str = "") -> Path:
        """A program of this module; without a name the only one."""
        return self.folder / "bin" / (binary or self.output)

    def build(self, *, niceness: int = 0) -> None:
        """Fetches, checks, patches and compiles, unless the cache has it.

        Raises CommandFailed, and ValueError on a wrong checksum.
        """
        stamp = self.folder / "key"
        if is_fresh(stamp, self.key):
            return
        with timed(f"compile {self.name} {self.version}"):
            part = PROGRAMS / f"{self.name}.part"
            shutil.rmtree(part, ignore_errors=True)
            source = self.unpack(part)
            self._compile(source, part / "bin", niceness)
            shutil.rmtree(source)
            shutil.rmtree(self.folder, ignore_errors=True)
            part.rename(self.folder)
            write_stamp(stamp, self.key)

    def fetch(self) -> Path:
        """The kept folders of the module, without compiling anything; another thread may do that meanwhile."""
        if is_fresh(self.folder / "key", self.key):
            return self.shared
        sources = PROGRAMS / f"{self.name}.sources"
        if not is_fresh(sources / "key", self.key):
            shutil.rmtree(sources, ignore_errors=True)
            shutil.rmtree(self.unpack(sources))
            write_stamp(sources / "key", self.key)
        return sources / "share"

    def unpack(self, target: Path) -> Path:
        """Lays the patched module into target/source, and what is kept of it into target/share; gives the former."""
        downloaded = json.loads(run("go", "mod", "download", "-json", f"{self.module}@{self.version}", cwd=_MODULES))
        if downloaded["Sum"] != self.sum:
            raise ValueError(f"{self.module}@{self.version} has checksum {downloaded['Sum']}, pinned is {self.sum}")
        source = target / "source"
        shutil.copytree(downloaded["Dir"], source, symlinks=True, copy_function=shutil.copyfile)
        _make_writable(source)
        if self._script.exists():
            run("bash", "-euo", "pipefail", self._script, cwd=source, env=_go_environment(), log=f"compile-{self.name}")
        if self._sums.exists():
            with (source / "go.sum").open("a", encoding="utf-8") as sums:
                sums.write(self._sums.read_text(encoding="utf-8"))
        for kept in self.share:
            shutil.copytree(source / kept, target / "share" / kept, symlinks=True)
        return source

    def _compile(self, source: Path, target: Path, niceness: int) -> None:
        target.mkdir(parents=True)
        run(
            *("nice", "-n", str(niceness), "go", "build", f"-gcflags={_GCFLAGS}", "-tags", self.tags),
            *("-ldflags", " ".join(("-s", "-w", *self.ldflags)), "-o", f"{target}/{self.output}", *self.packages),
            cwd=source,
            env={**_go_environment(), "CGO_ENABLED": str(int(self.cgo))},
            log=f"compile-{self.name}",
        )


@cache
def catalogue() -> dict[str, Program]:
    """Every program group of modules/programs.toml by its name."""
    tables = tomllib.loads((_MODULES / "programs.toml").read_text(encoding="utf-8"))
    return {name: _program(name, table) for name, table in tables.items()}


def program(name: str) -> Program:
    """One group of the catalogue."""
    return catalogue()[name]


def _program(name: str, table: dict[str, object]) -> Program:
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return Program(name=name, **fields)  # type: ignore[arg-type]  # an unknown key or a missing one is a TypeError


@cache
def _go_version() -> str:
    return run("go", "version", cwd=_MODULES)


def _go_environment() -> dict[str, str]:
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    eighth = int(total.split()[1]) // 8
    return {"GOFLAGS": _GOFLAGS, "GOWORK": "off", "GOTOOLCHAIN": "local", "GOGC": "off", "GOMEMLIMIT": f"{eighth}KiB"}


def _make_writable(folder: Path) -> None:
    """Go's module cache is read-only, and copytree keeps the modes of folders."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
