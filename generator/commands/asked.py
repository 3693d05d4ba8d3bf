"""What `argosy plan` and `argosy expand` are asked about: an event file, or the working copy if it were pushed.

Without `--event` the event is made of facts that git has: a push of the current branch, unless an option names another
kind. What the forge alone knows (the repository's id, a pull request's number, protected branches) is left out.
"""

from __future__ import annotations

import dataclasses
import pathlib
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.inputs import read_event, refuse, say
from generator.events.event import Event, PullRequest
from generator.platform.grants import granted
from generator.platform.remotes import address_of, repository_of
from generator.wording import listed, quoted
from generator.working_copy import WorkingCopy, WorkingCopyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.platform.model import Platform

PayloadOption = Annotated[
    pathlib.Path | None,
    typer.Option(
        "--payload",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="A webhook's body (JSON), as the forge's page of deliveries shows it.",
    ),
]
PushOption = Annotated[
    str | None, typer.Option("--push", metavar="BRANCH", help="Ask about a push of HEAD to this branch.")
]
TagOption = Annotated[str | None, typer.Option("--tag", metavar="TAG", help="Ask about a push of HEAD as this tag.")]
PullRequestOption = Annotated[
    str | None,
    typer.Option("--pull-request", metavar="TARGET", help="Ask about a pull request of HEAD into this branch."),
]
ScheduleOption = Annotated[
    str | None,
    typer.Option("--schedule", metavar="NAME", help="Ask about this schedule, were HEAD the default branch's."),
]
ManualOption = Annotated[
    bool, typer.Option("--manual", help="Ask about a manual run of the current branch, with --input.")
]
DefaultBranchOption = Annotated[
    str, typer.Option("--default-branch", metavar="BRANCH", help="The default branch; as a rule origin/HEAD says it.")
]
RepositoryOption = Annotated[
    str,
    typer.Option("--repository", metavar="NAME", help="owner/name, or forge/owner/name; as a rule the remote says it."),
]


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """The options that say what is asked about; None where one was not given."""

    event: pathlib.Path | None
    payload: pathlib.Path | None = None
    push: str | None = None
    tag: str | None = None
    pull_request: str | None = None
    schedule: str | None = None
    manual: bool = False
    inputs: tuple[tuple[str, str], ...] = ()
    default_branch: str = ""
    repository: str = ""

    def check(self) -> None:
        """Ends the command with 2 for options that do not go together, or that say nothing."""
        kinds: dict[str, object] = {
            "--event": self.event,
            "--payload": self.payload,
            "--push": self.push,
            "--tag": self.tag,
            "--pull-request": self.pull_request,
            "--schedule": self.schedule,
            "--manual": self.manual or None,
        }
        given = [name for name, value in kinds.items() if value is not None]
        if len(given) > 1:
            refuse(f"{' and '.join(given)} are different events; name one")
        empty = [name for name, value in kinds.items() if value == ""]
        if empty:
            refuse(f"{empty[0]} is empty")
        if self.inputs and not self.manual:
            refuse("only a manual run is given inputs: say --manual, or write them into the event file")
        if (self.event is not None or self.payload is not None) and (self.default_branch or self.repository):
            refuse("an event file and a payload say their repository and default branch themselves")


def event_of(question: Question, file: pathlib.Path, platform: Platform | None) -> Event:
    """The event that is asked about. `file` is the ci.yaml, which lies in the working copy.

    Ends the command with 2 where there is not enough to make one of, and says what would help.
    """
    if question.event is not None:
        return read_event(question.event)
    folder = file.resolve().parent
    if question.payload is not None:
        from generator.commands.recorded import read_payload  # noqa: PLC0415  (with the forges' clients)

        return read_payload(question.payload, folder, platform)
    try:
        copy = WorkingCopy(folder)
        event = _asked(question, copy, platform)
    except WorkingCopyError as failure:
        refuse(f"{folder} cannot be asked about ({failure}): name an event file with --event, or commit in a git clone")
    if copy.is_changed(file):
        say(f"{file} is not as it was committed: this is about the file on the disk")
    return event


def _asked(question: Question, copy: WorkingCopy, platform: Platform | None) -> Event:
    head = copy.head()
    written = question.repository
    forge, repository = named_repository(written, platform) if written else remote_repository(copy, platform)
    event = Event(
        forge=forge,
        kind="push",
        repository=repository,
        repository_id="",
        default_branch=_default_branch(question, copy),
        sha=head,
        actor=copy.actor(),
        message=copy.message(),
    )
    if question.manual:
        return _manual(event, question.inputs, copy)
    kinds: tuple[tuple[str | None, Callable[[Event, str, WorkingCopy], Event]], ...] = (
        (question.tag, _tag),
        (question.pull_request, _pull_request),
        (question.schedule, _schedule),
    )
    make, name = next(((make, name) for name, make in kinds if name is not None), (_push, question.push or ""))
    return make(event, name, copy)


def _push(event: Event, branch: str, copy: WorkingCopy) -> Event:
    branch = branch or copy.branch()
    if not branch:
        refuse("HEAD is on no branch: say with --push which one it would be pushed to")
    tier = "protected" if branch == event.default_branch else "trusted"
    return dataclasses.replace(event, branch=branch, base_sha=copy.remote_head(branch), tier=tier)


def _tag(event: Event, tag: str, _: WorkingCopy) -> Event:
    return dataclasses.replace(event, kind="tag", tag=tag, tier="protected")


def _pull_request(event: Event, target: str, copy: WorkingCopy) -> Event:
    request = PullRequest(
        base=target,
        head=copy.branch(),
        title=event.message.partition("\n")[0],
        author=event.actor,
        action="opened",
    )
    return dataclasses.replace(event, kind="pull_request", base_sha=copy.remote_head(target), pull_request=request)


def _schedule(event: Event, name: str, _: WorkingCopy) -> Event:
    return dataclasses.replace(event, kind="schedule", branch=event.default_branch, schedule=name, tier="protected")


def _manual(event: Event, inputs: tuple[tuple[str, str], ...], copy: WorkingCopy) -> Event:
    branch = copy.branch()
    if not branch:
        refuse("HEAD is on no branch, and a manual run is one of a branch or a tag: switch to one")
    tier = "protected" if branch == event.default_branch else "trusted"
    return dataclasses.replace(event, kind="manual", branch=branch, inputs=inputs, tier=tier)


def _default_branch(question: Question, copy: WorkingCopy) -> str:
    found = question.default_branch or copy.default_branch()
    if not found:
        remote = copy.remote()
        ask = f", or let git ask for it: git remote set-head {remote} --auto" if remote else ""
        refuse(f"git does not know the default branch: name it with --default-branch{ask}")
    return found


def remote_repository(copy: WorkingCopy, platform: Platform | None) -> tuple[str, str]:
    """The forge's id, empty without a platform, and the name of the repository that the working copy is a clone of."""
    addresses = copy.addresses()
    if not addresses:
        refuse("there is no remote: name the repository with --repository owner/name")
    address = addresses[0]
    places = (repository_of(platform, one) for one in addresses) if platform is not None else ()
    found = next(filter(None, places), None)
    if found is not None and platform is not None:
        forge, name = found
        if not granted(platform, forge.id, name):
            say(f"no glob of forge {quoted(forge.id)} in platform.yaml names {quoted(name)}: nothing would be started")
        return forge.id, name
    parts = address_of(address)
    if platform is not None:
        where = f"at {quoted(parts.host)}, where remote {quoted(copy.remote())} is" if parts is not None else "there"
        known = listed(f"{forge.id} ({forge.url})" for forge in platform.forges)
        refuse(
            f"no forge of platform.yaml is {where}: name the repository with --repository owner/name; known: {known}"
        )
    if parts is None:
        refuse("the remote's address names no host: name the repository with --repository owner/name")
    return "", parts.path


def named_repository(written: str, platform: Platform | None) -> tuple[str, str]:
    """What `--repository` means: a forge's id may stand in front, and must where there are several forges.

    Gives the forge's id, empty without a platform, and the repository's name.
    """
    if "/" not in written.strip("/"):
        refuse(f"{quoted(written)} is no repository: write owner/name")
    if platform is None:
        return "", written
    first, _, rest = written.partition("/")
    if platform.forge(first) is not None and "/" in rest:
        return first, rest
    if len(platform.forges) > 1:
        ids = listed(forge.id for forge in platform.forges)
        refuse(f"the platform has several forges: write forge/owner/name; known: {ids}")
    return platform.forges[0].id, written
