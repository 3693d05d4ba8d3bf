# Gitea as compiled here, under upstream's name; the build context is the program's folder in the cache.
ARG DEBIAN=bookworm
FROM docker.io/library/debian:${DEBIAN}-slim
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates git libsqlite3-0 \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --home-dir /data --shell /bin/bash git
COPY share/ /usr/share/gitea/
COPY page/ /usr/share/gitea/public/assets/
COPY bin/gitea /usr/local/bin/gitea
ENV HOME=/data USER=git
USER 1000
ENTRYPOINT ["gitea"]
