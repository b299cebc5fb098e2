# The renew-pats command in a container, for any scheduler that runs one:
#
#   npm ci && npm run package
#   docker build --tag renew-pats .
#   docker run --rm --read-only --cap-drop ALL --security-opt no-new-privileges renew-pats --help
#
# It writes no file, so the root file system may be read-only. It stops cleanly on SIGTERM: what has begun is finished first.

FROM node:24-alpine AS package
COPY dist/renew-pats-*.tgz /renew-pats.tgz
# The package depends on nothing and runs no script: no registry is asked.
RUN npm install --global --offline --ignore-scripts --no-audit --no-fund --prefix /opt/renew-pats /renew-pats.tgz

FROM node:24-alpine
COPY --from=package /opt/renew-pats/lib/node_modules/renew-pats /opt/renew-pats
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
ENTRYPOINT ["node", "/opt/renew-pats/renew-pats.js"]
CMD ["--help"]
