"""The whole tree: which files there are, what depends on what, and that no text becomes structure."""

from __future__ import annotations

import dataclasses
import pathlib
import tempfile
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from generator.manifests.templates import fill, template_names
from generator.manifests.yaml_text import HEADER, to_yaml
from generator.placement import place, run_namespaces
from generator.platform.model import SecretKey, Tenant
from generator.render import files, identifier, objects, problems
from tests.unit.samples import FORGE, platform

TEXT = "version: 1\n"
OTHER = dataclasses.replace(FORGE, id="other", hook_url="https://ci.example/other")
TENANTS = (
    Tenant("web", ("work/acme/web-*",), (("requests.cpu", "64"), ("limits.memory", "256Gi"), ("pods", "200")), 20),
    Tenant("rest", ("**",), (), None),
)


def everything(**changes: Any) -> list[dict[str, Any]]:
    return list(objects(files(platform(**changes), TEXT)))


def of_kind(kind: str, **changes: Any) -> dict[str, dict[str, Any]]:
    found = (value for value in everything(**changes) if value["kind"] == kind)
    return {f"{value['metadata'].get('namespace', '')}/{value['metadata']['name']}": value for value in found}


def test_the_same_platform_gives_the_same_bytes() -> None:
    assert files(platform(tenants=TENANTS), TEXT) == files(platform(tenants=TENANTS), TEXT)


def test_a_new_repository_changes_the_platform_config_maps_alone() -> None:
    old = files(platform(), "repositories: [acme/*]\n")
    forge = dataclasses.replace(FORGE, repositories=("acme/*", "new/one"))
    new = files(platform(forges=(forge,)), "repositories: [acme/*, new/one]\n")
    assert {path for path in {*old, *new} if old.get(path) != new.get(path)} == {
        "deploy/kustomize/base/argosy/platform.yaml",
        "deploy/kustomize/base/argosy-report/platform.yaml",
    }


def test_a_second_forge_leaves_the_first_ones_objects_alone() -> None:
    old, new = files(platform(), TEXT), files(platform(forges=(FORGE, OTHER)), TEXT)
    assert [path for path in old if path.startswith("argo-events/work/") and old[path] != new[path]] == []
    assert "argo-events/other/sensor.yaml" in new


@pytest.mark.parametrize("folder", ["argo-events", "deploy/kustomize/base"])
def test_every_file_is_in_its_kustomization(folder: str) -> None:
    made = files(platform(tenants=TENANTS), TEXT)
    listed = yaml.safe_load(made[f"{folder}/kustomization.yaml"])["resources"]
    there = [path.removeprefix(f"{folder}/") for path in made if path.startswith(f"{folder}/")]
    there.remove("kustomization.yaml")
    assert sorted(item for item in listed if not item.startswith("..")) == sorted(there)


def test_every_file_carries_the_header() -> None:
    assert all(data.startswith(HEADER.encode()) for data in files(platform(), TEXT).values())


def test_the_operators_file_is_kept_word_for_word() -> None:
    text = "# ünïcode \t and trailing blanks   \r\n\n\nversion: 1\n---\n{{ x }}: {% y %}\n"
    found = of_text(text)
    assert found == [text, text]


@settings(max_examples=50)
@given(some.text(max_size=200))
def test_no_text_changes_on_its_way_through_yaml(text: str) -> None:
    value = {"kind": "ConfigMap", "data": {"platform.yaml": text, "other": "x"}}
    assert yaml.safe_load(to_yaml([value])) == value


@settings(max_examples=100)
@given(
    some.recursive(
        some.text(max_size=20), lambda inner: some.lists(inner) | some.dictionaries(some.text(max_size=20), inner)
    )
)
def test_no_value_leaves_its_place_in_a_template(value: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        (pathlib.Path(folder) / "x.yaml.j2").write_text("outer: {before: x, value: {{ value | yaml }}, after: y}\n")
        patch.setattr("generator.manifests.templates._root", lambda: pathlib.Path(folder))
        made = yaml.safe_load(fill("x.yaml", {"value": value}))
    assert made == {"outer": {"before": "x", "value": value, "after": "y"}}


def of_text(text: str) -> list[str]:
    made = objects(files(platform(), text))
    return [value["data"]["platform.yaml"] for value in made if value["kind"] == "ConfigMap"]


def test_a_template_that_prints_a_value_without_a_filter_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "bare.yaml.j2").write_text("name: {{ name }}\n")
    monkeypatch.setattr("generator.manifests.templates._root", lambda: tmp_path)
    with pytest.raises(TypeError, match="without a filter"):
        fill("bare.yaml", {"name": "x"})


def test_a_policy_takes_names_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "policy.yaml.j2").write_text("x: {{ name | cel }}\n")
    monkeypatch.setattr("generator.manifests.templates._root", lambda: tmp_path)
    assert fill("policy.yaml", {"name": ("a", "b-c")}).endswith(b"x: ['a', 'b-c']\n")
    with pytest.raises(ValueError, match="no name"):
        fill("policy.yaml", {"name": "' || true || '"})


def test_every_template_makes_yaml() -> None:
    made = files(platform(forges=(FORGE, OTHER), tenants=TENANTS, instance_id="ci"), TEXT)
    for name in template_names():
        assert [value for value in yaml.safe_load_all(made[name]) if value]


def test_no_two_objects_have_one_name() -> None:
    made = [identifier(value) for value in everything(tenants=TENANTS, forges=(FORGE, OTHER))]
    assert len(made) == len(set(made))


def test_a_forge_that_is_called_like_anothers_next_hook_is_refused() -> None:
    rotating = dataclasses.replace(FORGE, hook_secrets=(SecretKey("forge-work", "next"), *FORGE.hook_secrets))
    clash = dataclasses.replace(OTHER, id="work-next")
    given = platform(forges=(rotating, clash))
    found = problems(given, TEXT, "platform.yaml")
    assert "hook-clash" in [diagnostic.code for diagnostic in found]


def test_a_file_that_fits_into_no_config_map_is_refused() -> None:
    text = "#" * 1_100_000
    found = problems(platform(), text, "platform.yaml")
    assert [diagnostic.code for diagnostic in found] == ["platform-too-large"]


def test_a_rotation_is_told_with_the_address_of_the_newer_secret() -> None:
    given = platform(forges=(dataclasses.replace(FORGE, hook_secrets=(SecretKey("a", "b"), *FORGE.hook_secrets)),))
    (found,) = problems(given, TEXT, "platform.yaml")
    assert "https://ci.example/work-next" in found.message


def test_namespaces_hold_their_pods_to_what_placement_says() -> None:
    made = of_kind("Namespace", tenants=TENANTS)
    enforced = {name: value["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] for name, value in made.items()}
    assert enforced.pop("/argosy") == enforced.pop("/argosy-report") == "restricted"
    given = platform(tenants=TENANTS)
    assert sorted(enforced) == [f"/{name}" for name in run_namespaces(given)]
    for repository, tier in (("acme/web-a", "trusted"), ("acme/web-a", "untrusted"), ("acme/b", "protected")):
        where = place(given, "work", repository, tier)
        assert where is not None
        assert enforced[f"/{where.namespace}"] == where.pod_security


def test_a_tenant_is_held_to_its_quota_and_its_number_of_runs() -> None:
    quotas = of_kind("ResourceQuota", tenants=TENANTS)
    assert sorted(quotas) == ["argosy-runs-web-untrusted/argosy-tenant", "argosy-runs-web/argosy-tenant"]
    assert quotas["argosy-runs-web/argosy-tenant"]["spec"]["hard"]["pods"] == "200"
    labels = of_kind("Namespace", tenants=TENANTS)["/argosy-runs-web"]["metadata"]["labels"]
    assert labels["workflows.argoproj.io/parallelism-limit"] == "20"
    limits = of_kind("LimitRange", tenants=TENANTS)["argosy-runs-web/argosy-tenant"]["spec"]["limits"][0]
    assert {"default", "defaultRequest"} <= set(limits)


def test_pods_of_ours_follow_the_restricted_standard() -> None:
    reporter = of_kind("Deployment")["argosy-report/argosy-reporter"]["spec"]["template"]["spec"]
    expander = of_kind("WorkflowTemplate")["argosy/argosy-expander"]["spec"]
    bus = of_kind("EventBus")["argosy/default"]["spec"]["jetstream"]
    source = of_kind("EventSource")["argosy/work"]["spec"]["template"]
    made = of_kind("Sensor")["argosy/work"]["spec"]["template"]
    for pod in (reporter, expander, bus, source, made):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    containers = [
        reporter["containers"][0],
        expander["templates"][0]["container"],
        *(bus[f"{name}ontainerTemplate"] for name in ("c", "reloaderC", "metricsC")),
        source["container"],
        made["container"],
    ]
    for container in containers:
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_expander_reads_its_tokens_and_the_reporter_the_others() -> None:
    expander = of_kind("WorkflowTemplate")["argosy/argosy-expander"]["spec"]
    reporter = of_kind("Deployment")["argosy-report/argosy-reporter"]["spec"]["template"]["spec"]
    assert tokens(expander["volumes"]) == {"tokens/work/0": "forge-work-read"}
    assert tokens(reporter["volumes"]) == {"tokens/work/0": "forge-work-report"}


def tokens(volumes: list[dict[str, Any]]) -> dict[str, str]:
    sources = next(volume["projected"]["sources"] for volume in volumes if volume["name"] == "configuration")
    secrets = (source["secret"] for source in sources if "secret" in source)
    return {item["path"]: secret["name"] for secret in secrets for item in secret["items"]}


def test_both_tokens_of_a_rotation_are_there_the_newer_first() -> None:
    rotating = dataclasses.replace(FORGE, read_tokens=(SecretKey("new", "t"), SecretKey("old", "t")))
    expander = of_kind("WorkflowTemplate", forges=(rotating,))["argosy/argosy-expander"]["spec"]
    assert tokens(expander["volumes"]) == {"tokens/work/0": "new", "tokens/work/1": "old"}


def test_the_bus_on_one_machine_has_a_stream_of_one() -> None:
    patch = yaml.safe_load(files(platform(), TEXT)["deploy/kustomize/overlays/local/eventbus.yaml"])["spec"][
        "jetstream"
    ]
    assert patch["replicas"] == yaml.safe_load(patch["streamConfig"])["replicas"] == 1
    assert patch["persistence"] is None
    jetstream = of_kind("EventBus")["argosy/default"]["spec"]["jetstream"]
    assert jetstream["replicas"] == yaml.safe_load(jetstream["streamConfig"])["replicas"] == 3


def test_every_hook_has_a_way_in() -> None:
    given = platform(forges=(FORGE, OTHER))
    ingress = yaml.safe_load(files(given, TEXT)["deploy/kustomize/components/ingress/ingress.yaml"])
    (rule,) = ingress["spec"]["rules"]
    ways = {item["path"]: item["backend"]["service"]["name"] for item in rule["http"]["paths"]}
    assert (rule["host"], ways) == ("ci.example", {"/work": "work-eventsource", "/other": "other-eventsource"})
    assert ingress["spec"]["tls"][0]["hosts"] == ["ci.example"]
