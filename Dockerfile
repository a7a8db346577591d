# syntax=docker/dockerfile:1
# The service; `node cli/migrate.ts` in the same image is the migrations job. Neither needs root nor writes a file.

FROM node:24.21-slim AS manifest
WORKDIR /app
COPY package.json package-lock.json ./

FROM manifest AS dependencies
# "optional" holds what the service's packages only name as peers: Prisma's command line and TypeScript, half the size.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM manifest AS generated
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY codegen.ts prisma.config.ts ./
COPY cli/generate.ts cli/
COPY schema schema
COPY prisma prisma
COPY src src
RUN node cli/generate.ts

FROM node:24.21-slim
LABEL org.opencontainers.image.title="Tenantry" \
      org.opencontainers.image.description="Tenants for Amazon Cognito, served as a GraphQL API" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json run.js ./
COPY cli/migrate.ts cli/
COPY schema schema
COPY prisma prisma
COPY --from=generated /app/src src
# By number: Kubernetes cannot tell from a name that it is not root.
USER 1000:1000
EXPOSE 4000
# Whether the process runs, not whether its database does: a node that waits for that is no better for a restart.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
