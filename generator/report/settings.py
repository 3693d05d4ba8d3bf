"""What the operator gave the reporter: platform.yaml and the tokens, as files that change while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.forges import connect
from generator.forges.forge import ForgeError
from generator.platform import reader
from generator.report.log import log

if TYPE_CHECKING:
    import pathlib

    from generator.forges.forge import Forge
    from generator.platform.model import Forge as ForgeSettings
    from generator.platform.model import Platform


class SettingsError(Exception):
    """There is no platform.yaml that could be used; the message says why."""


class Settings:
    """The files. `tokens` has `<forge id>/<n>`, the newest token first."""

    def __init__(self, platform_file: pathlib.Path, tokens: pathlib.Path) -> None:
        self._file = platform_file
        self._tokens = tokens
        self._text = b""
        self._clients: dict[str, tuple[ForgeSettings, tuple[str, ...], Forge]] = {}
        self.platform = self._read(self._bytes())

    def refresh(self) -> bool:
        """Reads platform.yaml again.

        Returns whether it has changed; one with errors is told in the log and changes nothing.
        """
        try:
            text = self._bytes()
            if text == self._text:
                return False
            self.platform = self._read(text)
        except SettingsError as failure:
            log("platform-not-read", why=str(failure))
            return False
        return True

    def client(self, forge_id: str) -> Forge:
        """The forge's client with the tokens as they are now; the same one as long as they stay. Raises ForgeError."""
        forge = self.platform.forge(forge_id)
        if forge is None:
            raise ForgeError(f"platform.yaml has no forge {forge_id!r} any more", lasting=True)
        tokens = self._read_tokens(forge_id)
        known = self._clients.get(forge_id)
        if known is None or known[:2] != (forge, tokens):
            known = (forge, tokens, connect(forge, tokens))
            self._clients[forge_id] = known
        return known[2]

    def _read_tokens(self, forge_id: str) -> tuple[str, ...]:
        folder = self._tokens / forge_id
        try:
            texts = [path.read_text().strip() for path in sorted(folder.glob("[0-9]*"))]
        except (OSError, UnicodeDecodeError) as failure:
            raise ForgeError(f"tokens of forge {forge_id!r}: {failure}") from failure
        if not any(texts):
            raise ForgeError(f"no token for forge {forge_id!r} under {folder}")
        return tuple(filter(None, texts))

    def _bytes(self) -> bytes:
        try:
            return self._file.read_bytes()
        except OSError as failure:
            raise SettingsError(f"{self._file}: {failure.strerror}") from failure

    def _read(self, text: bytes) -> Platform:
        platform, diagnostics = reader.read(text, str(self._file))
        self._text = text
        if platform is None:
            first = f"{diagnostics[0].span.line}: {diagnostics[0].message}" if diagnostics else "it has errors"
            raise SettingsError(f"{self._file}:{first}")
        return platform
