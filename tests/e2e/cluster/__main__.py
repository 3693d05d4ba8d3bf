"""The command line of the test cluster: `python -m tests.e2e.cluster up | down | images | status | env`."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys

from tests.e2e import cluster
from tests.e2e.cluster.commands import CommandFailed, say, stop_all
from tests.e2e.cluster.settings import CACHE, KUBECONFIG, TOOLS

_GOOD, _OUTSIDE_TROUBLE = 0, 3
_ENGINE_FILES = {"CONTAINERS_CONF": "containers.conf", "CONTAINERS_STORAGE_CONF": "storage.conf"}


def main() -> int:
    """Runs one command; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.cluster", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="bring the cluster up, or up to date")
    commands.add_parser("images", help="rebuild argosy's images, load them, restart what runs on them")
    commands.add_parser("status", help="what runs, and where")
    commands.add_parser("env", help='exports for a shell: eval "$(python -m tests.e2e.cluster env)"')
    down = commands.add_parser("down", help="remove the cluster; what was compiled stays in the cache")
    down.add_argument("--purge", action="store_true", help=f"remove the cache too ({CACHE})")
    arguments = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    try:
        return _run(arguments)
    except (CommandFailed, RuntimeError, ValueError) as error:
        say(f"error: {error}")
        return _OUTSIDE_TROUBLE
    finally:
        stop_all()


def _run(arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "up":
            cluster.up()
        case "images":
            cluster.images()
        case "down":
            cluster.down(purge=arguments.purge)
        case "env":
            sys.stdout.write(_exports())
        case "status":
            return _status()
    return _GOOD


def _exports() -> str:
    """Shell commands for kubectl and argo, and for podman where that is the engine."""
    engine = {name: CACHE / "engine" / file for name, file in _ENGINE_FILES.items()}
    values = {"KUBECONFIG": KUBECONFIG, **{name: path for name, path in engine.items() if path.exists()}}
    lines = [f"export {name}={shlex.quote(str(value))}" for name, value in values.items()]
    return "\n".join([*lines, f"export PATH={shlex.quote(str(TOOLS))}:$PATH", ""])


def _status() -> int:
    found = cluster.running()
    if found is None:
        say("no cluster is up")
        return _OUTSIDE_TROUBLE
    gitea = found.gitea
    sys.stdout.write(
        f"KUBECONFIG  {found.kubeconfig}\n"
        f"Gitea       {gitea.url}, in pods {gitea.internal_url}\n"
        f"user        {gitea.user}, password {gitea.password}, token {gitea.token}\n\n"
        f"{found.kubectl('get', 'pods', '--all-namespaces')}"
    )
    return _GOOD


if __name__ == "__main__":
    sys.exit(main())
