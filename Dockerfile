# One image for the chat server, the worker and the CLI, with a command for each. See docs/stack.md.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional packages are Node 24 and PostgreSQL for machines without them. The image has Node, and PostgreSQL is another service.
RUN npm ci --omit=dev --omit=optional

FROM node:24.21.0-bookworm-slim
# Named volumes inherit the owner from here. Alertmanager runs as 65534.
RUN install --directory --owner=node --group=node /data \
  && install --directory --owner=65534 --group=65534 --mode=0700 /alertmanager
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE slo.yaml ./
COPY services services
COPY migrations migrations
COPY alerts alerts
COPY dashboards dashboards
COPY deploy/slo deploy/slo
COPY gameday gameday
COPY docs docs
COPY samples samples
ENV NODE_ENV=production HOST=0.0.0.0 METRICS_HOST=0.0.0.0 DATA_DIR=/data
# The user `node`, by number: Kubernetes cannot verify that a name is not root.
USER 1000:1000
EXPOSE 3000 9464 9465
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "./services/telemetry/tracing/start-sdk.ts", "services/chat-server.ts"]
