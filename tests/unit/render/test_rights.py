"""Who may do what: the whole of it, so that a right more is a changed test; and which pods reach which."""

from __future__ import annotations

from typing import Any

from generator.render import files, objects
from tests.unit.samples import platform

MADE = objects(files(platform(), "version: 1\n"))
RUNS = ("argosy-runs-default", "argosy-runs-default-untrusted")


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [value for value in MADE if value["kind"] == kind]


def rights() -> dict[str, set[str]]:
    """By account: `verbs resource in namespace`."""
    roles = {(role["metadata"]["namespace"], role["metadata"]["name"]): role["rules"] for role in of_kind("Role")}
    found: dict[str, set[str]] = {}
    for binding in of_kind("RoleBinding"):
        namespace = binding["metadata"]["namespace"]
        (subject,) = binding["subjects"]
        for rule in roles[namespace, binding["roleRef"]["name"]]:
            (resource,) = rule["resources"]
            account = f"{subject['namespace']}/{subject['name']}"
            found.setdefault(account, set()).add(f"{' '.join(rule['verbs'])} {resource} in {namespace}")
    return found


def test_these_are_all_the_rights_there_are() -> None:
    assert rights() == {
        "argosy/argosy-sensor": {"get create patch workflows in argosy", "create configmaps in argosy"},
        "argosy/argosy-expander": {
            "get list create update patch delete cronworkflows in argosy",
            "create patch workflowtaskresults in argosy",
            *(f"get list create patch delete workflows in {namespace}" for namespace in RUNS),
        },
        "argosy-report/argosy-reporter": {
            "get list watch workflows in argosy",
            "get list create update patch delete configmaps in argosy-report",
            *(f"get list watch {resource} in {namespace}" for namespace in RUNS for resource in ("workflows", "pods")),
        },
        **{f"{namespace}/argosy-executor": {f"create patch workflowtaskresults in {namespace}"} for namespace in RUNS},
    }


def test_nobody_is_bound_to_the_roles_for_people() -> None:
    bound = {(value["metadata"]["namespace"], value["roleRef"]["name"]) for value in of_kind("RoleBinding")}
    free = {
        (role["metadata"]["namespace"], role["metadata"]["name"]): role["rules"]
        for role in of_kind("Role")
        if (role["metadata"]["namespace"], role["metadata"]["name"]) not in bound
    }
    workflows = {"apiGroups": ["argoproj.io"], "resources": ["workflows"]}
    platform_yaml = {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["argosy-platform"]}
    answers = {"apiGroups": ["argosy.dev"], "resources": ["environments"], "verbs": ["approve"]}
    assert free == {
        ("argosy", "argosy-starter"): [{**workflows, "verbs": ["get", "create"]}, {**platform_yaml, "verbs": ["get"]}],
        **{(namespace, "argosy-starter"): [{**workflows, "verbs": ["get"]}] for namespace in RUNS},
        ("argosy", "argosy-approver"): [{**platform_yaml, "verbs": ["get"]}],
        **{
            (namespace, "argosy-approver"): [{**workflows, "verbs": ["get", "list", "patch"]}, answers]
            for namespace in RUNS
        },
    }


def test_no_right_reaches_beyond_a_namespace() -> None:
    assert of_kind("ClusterRole") == of_kind("ClusterRoleBinding") == []


def test_accounts_that_ask_nobody_get_no_token() -> None:
    silent = {
        value["metadata"]["name"]
        for value in of_kind("ServiceAccount")
        if not value.get("automountServiceAccountToken", True)
    }
    assert silent == {"argosy-bus", "argosy-eventsource", "argosy-job", "argosy-executor"}


def test_the_executor_has_its_token_as_a_secret_in_each_run_namespace() -> None:
    found = {value["metadata"]["namespace"]: value["metadata"]["name"] for value in of_kind("Secret")}
    assert found == dict.fromkeys(RUNS, "argosy-executor.service-account-token")


def test_no_secret_value_is_rendered() -> None:
    assert all(not {"data", "stringData"} & set(value) for value in of_kind("Secret"))


def policies(namespace: str, labels: dict[str, str]) -> list[dict[str, Any]]:
    """The NetworkPolicies that select a pod."""
    here = (value["spec"] for value in of_kind("NetworkPolicy") if value["metadata"]["namespace"] == namespace)
    return [spec for spec in here if spec["podSelector"].get("matchLabels", {}).items() <= labels.items()]


def ports_open_to(namespace: str, labels: dict[str, str], caller: dict[str, str] | None) -> set[int]:
    """What a pod in the same namespace (None: anybody elsewhere) reaches of a pod."""
    rules = [rule for spec in policies(namespace, labels) for rule in spec.get("ingress", [])]
    return {port["port"] for rule in rules if admits(rule, caller) for port in rule["ports"]}


def admits(rule: dict[str, Any], caller: dict[str, str] | None) -> bool:
    if "from" not in rule:
        return True
    return caller is not None and any(
        peer["podSelector"]["matchLabels"].items() <= caller.items() for peer in rule["from"]
    )


# The labels that Argo Events 1.9.10 puts on its pods (pkg/reconciler/*/controller.go, eventbus/installer/installer.go).
BUS = {"controller": "eventbus-controller", "eventbus-name": "default", "owner-name": "default"}
SOURCE = {"controller": "eventsource-controller", "eventsource-name": "work", "owner-name": "work"}
SENSOR = {"controller": "sensor-controller", "sensor-name": "work", "owner-name": "work"}
EXPANDER = {"workflows.argoproj.io/workflow": "event-0"}


def test_only_sources_and_sensors_reach_the_bus() -> None:
    assert ports_open_to("argosy", BUS, SOURCE) == ports_open_to("argosy", BUS, SENSOR) == {4222}
    assert ports_open_to("argosy", BUS, BUS) == {4222, 6222}
    assert ports_open_to("argosy", BUS, EXPANDER) == ports_open_to("argosy", BUS, None) == set()


def test_everybody_reaches_a_source_and_nobody_the_rest() -> None:
    assert ports_open_to("argosy", SOURCE, None) == {12000}
    assert ports_open_to("argosy", SENSOR, BUS) == ports_open_to("argosy", EXPANDER, SENSOR) == set()
    assert ports_open_to("argosy-report", {"app.kubernetes.io/name": "argosy-reporter"}, None) == set()
    assert all(ports_open_to(namespace, {}, {}) == set() for namespace in RUNS)


def test_every_namespace_of_ours_is_closed_by_default() -> None:
    closed = {value["metadata"]["namespace"] for value in of_kind("NetworkPolicy") if not value["spec"]["podSelector"]}
    assert closed == {"argosy", "argosy-report", *RUNS}


def test_jobs_do_not_reach_a_clouds_metadata() -> None:
    for namespace in RUNS:
        (spec,) = policies(namespace, {})
        blocks = [peer["ipBlock"] for rule in spec["egress"] for peer in rule["to"]]
        assert "169.254.0.0/16" in blocks[0]["except"]
