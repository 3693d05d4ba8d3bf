"""A node that cannot reach out asks nobody else for names."""

from __future__ import annotations

from tests.e2e.cluster.engines.podman.fence import without_forwarding

_KUBEADM = """\
.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
    }
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
    }
}
"""


def test_forwarding_goes_and_the_rest_stays() -> None:
    assert without_forwarding(_KUBEADM) == _KUBEADM.replace(
        "    forward . /etc/resolv.conf {\n       max_concurrent 1000\n    }\n", ""
    )


def test_forwarding_without_options_goes_too() -> None:
    assert without_forwarding(".:53 {\n    forward . 10.0.0.1\n    errors\n}\n") == ".:53 {\n    errors\n}\n"


def test_a_second_time_changes_nothing() -> None:
    once = without_forwarding(_KUBEADM)
    assert without_forwarding(once) == once
