"""Keeps the node from reaching beyond its bridge: a look-up or a pull of what is not here fails, and fails at once.

iptables rules on the host reject what the node's address sends elsewhere; they carry a comment with the cluster's name,
by which they are found again. Names that are not the cluster's own are refused by CoreDNS itself, and the node asks no
resolver: rejected datagrams would be told of only once a second (net.ipv4.icmp_ratelimit), up to 15 s for a look-up.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

from tests.e2e.cluster.commands import run
from tests.e2e.cluster.keys import write_stamp
from tests.e2e.cluster.settings import CLUSTER

if TYPE_CHECKING:
    from tests.e2e.cluster.handle import Cluster

NETWORK = "podman"
"""podman's ordinary bridge: the host has no route into an `--internal` one."""
_COMMENT = f"argosy-fence-{CLUSTER}"
_ANSWERS = ("icmp-port-unreachable", "tcp-reset")  # resets are not rate-limited; the rule put in last stands first


def raise_around(node: str) -> None:
    """Puts the rules first in FORWARD, unless they are.

    podman puts rules of its own above whatever stands there when a container starts.
    """
    address = run(
        "podman", "inspect", "--format", f"{{{{.NetworkSettings.Networks.{NETWORK}.IPAddress}}}}", node
    ).strip()
    subnet = json.loads(run("podman", "network", "inspect", NETWORK))[0]["subnets"][0]["subnet"]
    first = [rule for rule in _rules() if not rule.startswith("-P")][: len(_ANSWERS)]
    if all(_COMMENT in rule and f"{address}/32" in rule for rule in first) and len(first) == len(_ANSWERS):
        return
    lower()
    for answer in _ANSWERS:
        protocol = ("-p", "tcp") if answer == "tcp-reset" else ()
        comment = ("-m", "comment", "--comment", _COMMENT)
        target = ("-j", "REJECT", "--reject-with", answer)
        run("iptables", "-I", "FORWARD", "-s", address, "!", "-d", subnet, *protocol, *comment, *target)


def lower() -> None:
    """Removes the rules of this cluster, however often they stand there."""
    for rule in _rules():
        if _COMMENT in rule:
            run("iptables", *shlex.split(rule.replace("-A", "-D", 1)))


def refuse_foreign_names(cluster: Cluster, node: str) -> None:
    """CoreDNS forwards nothing, and the node's own resolver is one that refuses at once; once for each cluster."""
    stamp = cluster.state / "names.key"
    if stamp.exists():
        return
    run("podman", "exec", node, "sh", "-c", "echo nameserver 127.0.0.1 >/etc/resolv.conf")
    corefile = cluster.kubectl("-n", "kube-system", "get", "configmap", "coredns", "-o", "jsonpath={.data.Corefile}")
    patch = json.dumps({"data": {"Corefile": without_forwarding(corefile)}})
    cluster.kubectl("-n", "kube-system", "patch", "configmap", "coredns", "--type=merge", "-p", patch)
    cluster.kubectl("-n", "kube-system", "rollout", "restart", "deployment/coredns")
    write_stamp(stamp, "")


def without_forwarding(corefile: str) -> str:
    """CoreDNS's configuration without the part that asks other resolvers."""
    return re.sub(r"\n *forward \. [^{\n]*(\{[^}]*\})?", "", corefile)


def _rules() -> list[str]:
    return run("iptables", "-S", "FORWARD").splitlines()
