# A Hugging Face Docker Space, or any machine with Docker:
#   docker build -t memwell . && docker run -p 7860:7860 memwell
# With an NVIDIA GPU (on a Space: a variable ACCELERATOR with the value cuda):
#   docker build --build-arg ACCELERATOR=cuda -t memwell . && docker run --gpus all -p 7860:7860 memwell
ARG ACCELERATOR=cpu

FROM node:24-bookworm-slim AS build
ARG ACCELERATOR
WORKDIR /src
ENV NODE_LLAMA_CPP_SKIP_DOWNLOAD=true NEXT_TELEMETRY_DISABLED=1
# Packages first: a change of the sources then reuses this layer.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
# The image carries the engine build it can use and no other.
RUN node scripts/build.mjs --engine=$ACCELERATOR

FROM node:24-bookworm-slim AS base-cpu

# The engine's CUDA build needs two libraries that the driver does not bring: the runtime (in this image) and cuBLAS.
FROM nvidia/cuda:12.8.1-base-ubuntu24.04 AS base-cuda
RUN apt-get update && apt-get install -y --no-install-recommends libcublas-12-8 && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/node /usr/local/bin/node

FROM base-${ACCELERATOR} AS app
# A Space runs its image as user 1000, who must be able to write: the database, KV states, downloaded models.
RUN mkdir -p /home/user/app && chown -R 1000:1000 /home/user
COPY --from=build --chown=1000:1000 /src/.next/standalone /home/user/app
USER 1000
WORKDIR /home/user/app
ENV NODE_ENV=production HOME=/home/user PORT=7860 MEMWELL_HOST=0.0.0.0
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No init process: Memwell handles SIGTERM itself, and reaps its engines, which are its direct children.
CMD ["node", "dist/cli.js", "serve"]
