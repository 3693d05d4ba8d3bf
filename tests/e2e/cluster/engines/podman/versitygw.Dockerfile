# The S3 server as compiled here, under upstream's name; the build context is the program's folder in the cache.
FROM scratch
COPY bin/versitygw /usr/local/bin/versitygw
ENTRYPOINT ["/usr/local/bin/versitygw"]
