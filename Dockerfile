# A static binary in an image that holds nothing else, run by nobody.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download && go mod verify
COPY . .
ARG COMMIT=unknown
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X quittance/cmd/app.commit=${COMMIT}" -o /out/portal ./cmd/portal \
 && mkdir -m 0700 /out/data && mkdir -m 1777 /out/tmp

FROM scratch
# What a client of TLS trusts. The zones of time are in the binary.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/portal /portal
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
# The database is ./data/portal.db unless a variable or its _FILE twin says otherwise. The metrics listener says also of a
# worker, which has no web, whether it is ready.
ENV PORTAL_ADDR=0.0.0.0:8080 PORTAL_METRICS_ADDR=127.0.0.1:9090
WORKDIR /
USER 65532:65532
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s CMD ["/portal", "check", "--ready"]
ENTRYPOINT ["/portal"]
CMD ["serve"]
