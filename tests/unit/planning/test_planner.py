"""What will run, and why: jobs with the platform's values in the gaps, what is denied, what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import headline
from generator.manifests.size import compiled
from generator.planning.planner import plan
from generator.platform.model import Defaults, Limits, Platform, Runner, SecretGrant, SecretKey, Tenant
from tests.unit.samples import PLATFORM, TREE, ci_file, platform, pull_request, push, schedule, tag

if TYPE_CHECKING:
    from generator.events.event import Event
    from generator.planning.plan import Plan, PlannedJob

EVERYTHING = "on: {push: {branches: '**', tags: '**'}, pull_request: {}}"


def planned(text: str, event: Event, on: Platform = PLATFORM) -> Plan:
    made, found = plan(ci_file(text), event, on, TREE)
    assert made is not None, found
    return made


def job(text: str, event: Event, on: Platform = PLATFORM) -> PlannedJob:
    """The plan of a file's only job; `text` is the job's mapping."""
    (only,) = planned(f"{EVERYTHING}\njobs: {{it: {{run: make, {text}}}}}", event, on).jobs
    return only


def complaints(text: str, event: Event, on: Platform = PLATFORM) -> list[str]:
    made, found = plan(ci_file(text), event, on, TREE)
    assert made is None
    return [headline(finding) for finding in found]


def test_the_platform_fills_what_the_file_leaves_out() -> None:
    made = job("", push())
    assert (made.image, made.runner.name, made.timeout) == ("debian:12", "small", 3600)


def test_the_job_wins_over_the_platform() -> None:
    made = job("image: python:3.13, runner: medium, timeout: 5m", push())
    assert (made.image, made.runner.name, made.timeout) == ("python:3.13", "medium", 300)
    assert dict(made.runner.resources) == {"cpu": "2", "memory": "4Gi"}


def test_a_default_timeout_stays_below_the_platforms_limit() -> None:
    short = platform(defaults=Defaults("small", "debian:12", 7200), limits=Limits(timeout=600))
    assert job("", push(), short).timeout == 600


def test_later_variables_win() -> None:
    made = planned("env: {A: file, B: file}\njobs: {it: {env: {B: job, C: job}, run: make}}", push())
    assert {one.name: one.value for one in made.jobs[0].env} == {"A": "file", "B": "job", "C": "job"}


def test_every_job_says_why_it_runs_or_does_not() -> None:
    text = "on: {push: {branches: main}}\njobs: {a: {run: make}, b: {needs: a, run: make}}"
    assert [(one.runs, one.why) for one in planned(text, push()).jobs] == [(True, "push to 'main'")] * 2
    elsewhere = planned(text, push(branch="topic"))
    reason = "branch 'topic' matches none of on.push.branches"
    assert (elsewhere.runs, elsewhere.why) == (False, reason)
    assert [(one.runs, one.why) for one in elsewhere.jobs] == [(False, reason)] * 2


SHIPPING = (
    f"{EVERYTHING}\njobs: {{test: {{run: x}}, ship: {{run: x, needs: test, on: {{push: {{tags: 'v*'}}}}}}, "
    "tell: {run: x, needs: ship}}"
)


def test_a_job_that_is_not_for_the_event_is_skipped_with_what_needs_it() -> None:
    assert [(one.id, one.runs) for one in planned(SHIPPING, tag("v1")).jobs] == [
        ("test", True),
        ("ship", True),
        ("tell", True),
    ]
    made = planned(SHIPPING, push())
    assert made.runs
    assert [(one.id, one.runs, one.why) for one in made.jobs] == [
        ("test", True, "push to 'main'"),
        ("ship", False, "not for this event: on.push names tags only"),
        ("tell", False, "needs 'ship', which does not run"),
    ]


def test_a_job_cannot_widen_what_the_file_runs_for() -> None:
    made = planned("on: {push: {branches: main}}\njobs: {it: {run: x, on: pull_request}}", pull_request())
    assert (made.runs, made.why) == (False, "`on` has no pull_request")


def test_a_run_without_a_job_is_none_and_says_so() -> None:
    one = planned(f"{EVERYTHING}\njobs: {{ship: {{run: x, on: {{push: {{tags: 'v*'}}}}}}}}", push())
    assert (one.runs, one.why) == (False, "no job runs: 'ship': not for this event: on.push names tags only")
    two = planned(f"{EVERYTHING}\njobs: {{a: &it {{run: x, on: {{push: {{tags: 'v*'}}}}}}, b: *it}}", push())
    assert (two.runs, two.why) == (False, "no job runs: 'a': not for this event: on.push names tags only (and 1 more)")


def test_a_job_that_runs_needs_only_what_runs() -> None:
    text = f"{EVERYTHING}\njobs: {{a: {{run: x, on: pull_request}}, b: {{run: x}}, it: {{run: x, needs: %s}}}}"
    for needs in ("[{job: a, optional: true}, b]", "[a, b], when: always", "all, when: failure"):
        assert planned(text % needs, push()).jobs[2].needs == ("b",)
        assert planned(text % needs, pull_request()).jobs[2].needs == ("a", "b")


def test_jobs_stand_in_the_order_of_the_file_with_their_lines() -> None:
    made = planned("jobs:\n  z:\n    run: make\n  a:\n    run: make\n", push())
    assert [(one.id, one.line) for one in made.jobs] == [("z", 2), ("a", 4)]


def test_unnamed_steps_have_numbers_and_names_are_one_harmless_line() -> None:
    made = planned('jobs: {it: {steps: [{run: make}, {name: "a\\e[2Jb\\tc", run: make}]}}', push())
    assert [step.title for step in made.jobs[0].steps] == ["step 1", "a [2Jb c"]


def test_a_secret_is_a_reference_to_the_platforms_secret() -> None:
    made = job("secrets: {TOKEN: NPM_TOKEN}", push())
    assert [(one.variable, one.source) for one in made.secrets] == [("TOKEN", SecretKey("shared-npm", "token"))]
    assert made.denied == ""


def test_a_secret_for_other_events_denies_the_job_that_needs_it() -> None:
    assert job("secrets: [NPM_TOKEN]", tag("v1")).denied == ""
    assert "'NPM_TOKEN'" in job("secrets: [NPM_TOKEN]", push(branch="topic")).denied
    assert "'NPM_TOKEN'" in job("secrets: [NPM_TOKEN]", pull_request()).denied
    assert job("secrets: [NPM_TOKEN]", pull_request()).runs


def test_an_optional_secret_that_is_not_granted_is_left_out_and_the_job_runs() -> None:
    text = "secrets: {TOKEN: {name: NPM_TOKEN, file: true, optional: true}, CHAT: CHAT}"

    def found(event: Event) -> list[tuple[str, SecretKey | None, bool]]:
        made = job(text, event)
        assert made.denied == ""
        return [(one.variable, one.source, one.is_file) for one in made.secrets]

    chat = ("CHAT", SecretKey("chat", "hook"), False)
    assert found(tag("v1")) == [("TOKEN", SecretKey("shared-npm", "token"), True), chat]
    assert found(push(branch="topic")) == [("TOKEN", None, True), chat]


def test_an_untrusted_run_gets_no_secret_at_all() -> None:
    assert job("secrets: [CHAT]", pull_request()).denied == ""
    assert "'CHAT'" in job("secrets: [CHAT]", pull_request(tier="untrusted")).denied
    optional = job("secrets: {CHAT: {name: CHAT, optional: true}}", pull_request(tier="untrusted"))
    assert ([one.source for one in optional.secrets], optional.denied) == ([None], "")


def test_a_runner_of_other_tiers_denies_the_job() -> None:
    assert job("runner: release", push(tier="protected")).denied == ""
    assert "'release'" in job("runner: release", push(tier="trusted")).denied


def test_a_job_that_does_not_run_is_not_denied_either() -> None:
    made = planned("on: pull_request\njobs: {it: {run: make, secrets: [NPM_TOKEN]}}", push(branch="topic"))
    assert made.jobs[0].denied == ""


def test_unknown_runners_and_secrets_are_found_at_their_places() -> None:
    text = "jobs:\n  it:\n    run: make\n    runner: larg\n    secrets: [NPM_TOKE]\n"
    assert complaints(text, push()) == [
        "ci.yaml:4:13: error: unknown runner 'larg' [unknown-runner]",
        "ci.yaml:5:15: error: the platform grants no secret 'NPM_TOKE' to this repository [unknown-secret]",
    ]


def test_another_tenants_runner_is_an_error() -> None:
    ours = Tenant("web", ("work/acme/*",), (), None)
    gpu = Runner("gpu", (("cpu", "8"),), tenants=("ml",))
    on = platform(tenants=(ours,), runners=(*PLATFORM.runners, gpu))
    (found,) = complaints("jobs: {it: {run: make, runner: gpu}}", push(), on)
    assert "'gpu'" in found


def test_a_repository_of_no_tenant_has_no_plan() -> None:
    on = platform(tenants=(Tenant("web", ("work/acme/web-*",), (), None),))
    (found,) = complaints("jobs: {it: {run: make}}", push(), on)
    assert "[no-tenant]" in found


def test_a_job_that_does_not_fit_into_its_archive_is_an_error() -> None:
    noise = _noise(40_000)
    env = ", ".join(f"NOISE_{start}: x{noise[start : start + 80_000]}" for start in range(0, len(noise), 80_000))
    text = f"jobs:\n  it:\n    run: make\n    env: {{{env}}}\n"
    (found,) = complaints(text, push())
    assert "[job-size]" in found


def test_a_run_that_does_not_fit_into_one_workflow_is_an_error() -> None:
    jobs = "\n".join(f"  j{number}: {{run: make}}" for number in range(80))
    text = f"env: {{NOISE: x{_noise(6_000)}}}\njobs:\n{jobs}\n"
    (found,) = compiled(planned(text, push()), ci_file(text), PLATFORM)[1]
    assert headline(found).startswith("ci.yaml:82:3: error: the run would have about ")
    assert "more than fit into one Workflow [run-size]" in headline(found)


def fits(text: str, on: Platform = PLATFORM) -> bool:
    """Whether the run of a file is small enough."""
    return not compiled(planned(text, push(), on), ci_file(text), on)[1]


def test_all_jobs_of_a_large_file_may_be_tried_again() -> None:
    jobs = "".join(f"  j{number}: {{run: make}}\n" for number in range(199))
    assert fits(f"defaults: {{retry: {{limit: 2}}}}\njobs:\n{jobs}")


def test_two_thousand_combinations_fit_and_their_attempts_count() -> None:
    numbers = ", ".join(map(str, range(1000)))
    jobs = "".join(f"  j{number}: {{run: make, matrix: {{n: [{numbers}]}}}}\n" for number in range(2))
    assert fits(f"jobs:\n{jobs}")
    assert not fits(f"defaults: {{retry: {{limit: 3}}}}\njobs:\n{jobs}")


def test_what_jobs_need_and_the_secrets_that_they_use_count() -> None:
    names = [f"job-with-a-name-that-says-a-lot-about-what-it-does-{number:03d}" for number in range(199)]
    secrets = tuple(SecretGrant(f"SECRET_{number}", SecretKey("s" * 60, "token"), ("**",), ()) for number in range(60))
    on = platform(secrets=secrets)

    def passes(many: int) -> list[bool]:
        """Whether files with so many jobs that need, or that use secrets, are small enough."""
        half, rest = names[: many // 2], names[many // 2 : many]
        needing = "".join(f"  {name}: {{run: x}}\n" for name in half)
        needing += f"  {rest[0]}: {{run: x, needs: &all [{', '.join(half)}]}}\n"
        needing += "".join(f"  {name}: {{run: x, needs: *all}}\n" for name in rest[1:])
        using = f"  {names[0]}: {{run: x, secrets: &all [{', '.join(secret.name for secret in secrets)}]}}\n"
        using += "".join(f"  {name}: {{run: x, secrets: *all}}\n" for name in names[1:many])
        return [fits(f"jobs:\n{jobs}", on) for jobs in (needing, using)]

    assert passes(20) == [True, True]
    assert passes(199) == [False, False]


def test_schedules_are_the_files_whatever_the_event() -> None:
    text = "on: {push: {}, schedule: {name: nightly, cron: '0 3 * * *'}}\njobs: {it: {run: make}}"
    names = [[entry.name for entry in planned(text, event).schedules] for event in (push(), schedule("nightly"))]
    assert names == [["nightly"], ["nightly"]]


def _noise(words: int) -> str:
    """Text that hardly compresses, and is always the same."""
    return "".join(f"{number * 2654435761 % 4294967296:08x}" for number in range(words))
