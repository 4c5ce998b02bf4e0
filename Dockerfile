# A static binary in an image that holds nothing else, run by nobody.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG COMMIT=unknown
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.commit=${COMMIT}" -o /out/portal ./cmd/portal \
 && mkdir /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/portal /portal
COPY --from=build --chown=nonroot:nonroot /out/data /data
# The database is ./data/portal.db unless a variable or its _FILE twin says otherwise. The metrics listener says also of a
# worker, which has no web, whether it is ready.
ENV PORTAL_ADDR=0.0.0.0:8080 PORTAL_METRICS_ADDR=127.0.0.1:9090
WORKDIR /
USER nonroot
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s CMD ["/portal", "check", "--ready"]
ENTRYPOINT ["/portal"]
CMD ["serve"]
