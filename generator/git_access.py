"""How git reaches a repository of a kind of forge.

Its address, the user that goes with a token, the ref of a pull request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.platform.model import Forge

# Who git says it is when its password is a token. Gitea takes any name.
_USERS = {"github": "x-access-token", "gitlab": "oauth2"}
_OTHER_USER = "argosy"
_PULL_REQUEST_REFS = {"gitlab": "refs/merge-requests/{}/head"}
_OTHER_PULL_REQUEST_REF = "refs/pull/{}/head"


def user(kind: str) -> str:
    """The user name that goes with a token when git asks a forge of this kind for a password."""
    return _USERS.get(kind, _OTHER_USER)


def clone_url(forge: Forge, repository: str) -> str:
    """The address of a repository (`owner/name`), without credentials."""
    return f"{forge.url}/{repository}.git"


def pull_request_ref(kind: str, number: int) -> str:
    """The ref under which the forge keeps a pull request's head commit, those from forks included."""
    return _PULL_REQUEST_REFS.get(kind, _OTHER_PULL_REQUEST_REF).format(number)
