# Two images:
#   argosy            expander, reporter and sweep: Python, git, the argosy package. Runs as a number, not root.
#   argosy-checkout   the first container of every job: git, git-lfs, a static busybox, the scripts under checkout/, and nothing else.
#
#   docker build --target argosy -t argosy .
#   docker build --target argosy-checkout -t argosy-checkout .
ARG DEBIAN=bookworm

FROM docker.io/library/debian:${DEBIAN}-slim AS debian

FROM debian AS checkout-root
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends busybox-static ca-certificates git git-lfs \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/image/ /build/
RUN sh /build/checkout-root.sh /image

FROM scratch AS argosy-checkout
COPY --from=checkout-root /image/ /
COPY checkout/ /opt/argosy/
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
USER 65532:65532
WORKDIR /tmp
CMD ["/bin/sh"]

FROM debian AS python
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates git python3 \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*

# What installs and builds; nothing of it is in an image.
FROM python AS builder
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv /opt/build \
 && python3 -m venv --without-pip /opt/argosy
# The certificate bundle that pip trusts, on a network that has an authority of its own.
ARG PIP_CERT
COPY requirements/build.txt /build/
RUN /opt/build/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /build/build.txt

# kubernetes/aio is a second client, for asyncio, that nothing here uses: a sixth of the image with its bytecode. Nor does
# anything use the extensions of the library of expressions, 36 MB of them.
FROM python AS dependencies
ARG PIP_CERT
COPY requirements/runtime.txt /opt/argosy/
RUN --mount=type=bind,from=builder,source=/opt/build,target=/opt/build \
    python3 -m venv --without-pip /opt/argosy \
 && /opt/build/bin/pip --python /opt/argosy/bin/python install --no-cache-dir --disable-pip-version-check --no-compile \
    --require-hashes -r /opt/argosy/runtime.txt \
 && rm -r /opt/argosy/lib/python3*/site-packages/kubernetes/aio /opt/argosy/lib/python3*/site-packages/cel_expr_python/ext \
 && python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/argosy/lib

# The package on its own, laid out as it will lie in /opt/argosy: a change of the sources touches no other layer.
FROM builder AS package
COPY LICENSE README.md pyproject.toml /build/
COPY generator/ /build/generator/
COPY templates/ /build/templates/
RUN /opt/build/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir /build/wheels /build \
 && /opt/build/bin/pip --python /opt/argosy/bin/python install --disable-pip-version-check --no-index --no-deps --no-compile \
    --prefix /opt/package /build/wheels/*.whl \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/package/lib

FROM dependencies AS argosy
RUN useradd --uid 65532 --no-create-home --home-dir /tmp argosy
ENV PATH=/opt/argosy/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp PYTHONUNBUFFERED=1
USER 65532:65532
WORKDIR /tmp
ENTRYPOINT ["argosy"]
COPY --from=package /opt/package/ /opt/argosy/
