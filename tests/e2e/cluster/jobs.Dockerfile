# Images that the tests' jobs run in. Build context: the checkout.
ARG DEBIAN=bookworm
FROM docker.io/library/debian:${DEBIAN}-slim AS python
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends busybox-static ca-certificates git git-lfs make python3 python3-venv \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
CMD ["bash"]

# With what `make check` and `make unit` need, so that the project can test itself.
FROM python AS ci
# The certificate bundle that pip trusts, on a network that has an authority of its own.
ARG PIP_CERT
COPY requirements/dev.txt requirements/build.txt /tmp/requirements/
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r /tmp/requirements/dev.txt -r /tmp/requirements/build.txt \
 && rm -r /tmp/requirements
ENV PATH=/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
