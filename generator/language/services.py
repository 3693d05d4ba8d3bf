"""The keys of a service: a server in a container of its own beside the job's, at `localhost` and under its name."""

from __future__ import annotations

from generator.fields import Either, Integer, Key, ListOf, Made, MapOf, Object, Record, Text
from generator.language import other_systems, texts
from generator.language.draft import ServiceDraft
from generator.language.model import Ready
from generator.language.template_text import ConditionText

# What else a container's name and a command line have to hold besides it.
_MAX_ARGUMENT = 16_384

NAME = Text(
    "a service's name",
    r"(?!localhost$)(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,53}[a-z0-9])?",
    "a host name: lower-case letters, digits and '-', no '-' at an end, at most 55 in all",
    "bad-name",
    rules=(texts.no_expression,),
)
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ALIAS = Text(
    "a host name",
    rf"(?!localhost$)(?=.*[a-z])(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*",
    "lower-case letters, digits and '-', in parts with '.' between them",
    "bad-name",
    rules=(texts.no_expression,),
)
ARGUMENT = Text(
    "an argument",
    rf"[\s\S]{{0,{_MAX_ARGUMENT}}}",
    f"at most {_MAX_ARGUMENT:,} characters",
    empty=True,
    rules=(texts.no_expression,),
)
COMMAND = Text("a command", r"[\s\S]{1,4096}", "at most 4,096 characters", rules=(texts.no_expression,))
PATH = Text(
    "a path of a URL",
    "/[!-~]{0,500}",
    "write it from the first '/' on, like /healthz, with %20 for a space",
    rules=(texts.no_expression,),
)
PORT_NUMBER = Integer(1, 65_535, "a port's number")

SERVICE_IMAGE = Key(
    "image",
    texts.IMAGE,
    "The image, started as it says itself.",
    example='image: "postgres:17"',
    required=True,
)
SERVICE_IF = Key(
    "if",
    ConditionText(),
    "Whether the service is there, decided when the run is planned.",
    default="it is there",
    example="if: event != 'schedule'",
)
SERVICE_ENV = Key(
    "env",
    texts.ENV,
    "Its variables; it sees none of the job's. [`${{ }}`](#expressions) in the values.",
    example="env: {POSTGRES_PASSWORD: x}",
)
PORT = Key("port", PORT_NUMBER, "The port that it listens on; short for `ports` with one.", example="port: 5432")
PORTS = Key(
    "ports",
    ListOf(PORT_NUMBER, "a list of ports' numbers", minimum=1, unique=True),
    "The ports that it listens on. All services of a job, and the job itself, have one network: no two can have the "
    "same port.",
    example="ports: [25, 143]",
)
ALIAS_KEY = Key(
    "alias",
    ListOf(ALIAS, "a list of host names", unique=True),
    "Further host names of the service.",
    default="its name alone",
    example="alias: [db, db.internal]",
)
ARGS = Key(
    "args",
    ListOf(ARGUMENT, "a list of arguments"),
    "Arguments for the image's program, in place of those that it has by default.",
    default="the image's",
    example="args: [-c, fsync=off]",
)
READY_HTTP = Key(
    "http", PATH, "The path that is asked for, on the first port.", example="http: /healthz", required=True
)
_READY_HTTP = Object(
    "ready",
    (READY_HTTP,),
    lambda record: Ready(path=record.get(READY_HTTP) or ""),
    title="ready",
    doc="A service that is ready once it answers with a code from 200 to 399.",
)
READY = Key(
    "ready",
    Either(
        "a command, or a mapping with 'http'",
        text=Made(COMMAND, lambda command: Ready(command=command)),
        mapping=_READY_HTTP,
    ),
    "What tells that it is ready, and the job's first step can start: a command, which the image's `sh` runs inside of "
    "the service until it succeeds, or `{http: /path}`.",
    default="its ports are open",
    example="ready: pg_isready -U postgres",
)


def _service(record: Record) -> ServiceDraft:
    if record.has(PORT) and record.has(PORTS):
        entry = record.entry(PORTS)
        place = entry.key.span if entry else record.place
        record.reading.error(place, "port-or-ports", "a service has 'port' or 'ports', not both", "write a list")
    ready = record.get(READY) or Ready()
    if ready.path and all(record.knows(key) and not record.has(key) for key in (PORT, PORTS)):
        message = "'ready: {http: ...}' asks on the service's first port, and it has none"
        record.reading.error(record.span_of(READY), "missing-key", message, "write 'port'")
    port = record.get(PORT)
    return ServiceDraft(
        condition=record.get(SERVICE_IF),
        image=record.get(SERVICE_IMAGE),
        args=record.get(ARGS) or (),
        env=record.get(SERVICE_ENV) or (),
        ports=(record.get(PORTS) or ()) if port is None else (port,),
        ports_place=record.span_of(PORTS if port is None else PORT),
        aliases=record.get(ALIAS_KEY) or (),
        ready=ready,
    )


SERVICE = Object(
    "a service",
    (SERVICE_IMAGE, SERVICE_IF, ARGS, SERVICE_ENV, PORT, PORTS, READY, ALIAS_KEY),
    _service,
    title="services",
    doc="A server beside the job, such as a database: one container, started before the job's first step and ended "
    "after its last. Its name is a host name that the job's steps reach it at.",
    also={"not": {"required": [PORT.name, PORTS.name]}},
    foreign=other_systems.SERVICE,
)
SERVICES = Key(
    "services",
    MapOf(NAME, SERVICE, "a mapping of names to services", merged=True),
    "Servers that the job's steps need, by name.",
    default="none",
    example='services: {postgres: {image: "postgres:17", env: {POSTGRES_PASSWORD: x}, port: 5432}}',
)
