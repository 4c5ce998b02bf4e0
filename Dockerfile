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
ENV PORTAL_ADDR=0.0.0.0:8080 PORTAL_DATABASE_URL=sqlite:/data/portal.db
USER nonroot
EXPOSE 8080
VOLUME /data
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s CMD ["/portal", "check", "--ready"]
ENTRYPOINT ["/portal"]
CMD ["serve"]
