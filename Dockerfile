# Two stages: the first builds a virtual environment from the lock, the second holds only what runs.
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /opt/reminder
COPY requirements.lock ./
RUN /opt/reminder/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY reminder ./reminder
COPY templates ./templates
COPY config ./config
RUN python -m venv /opt/builder \
 && /opt/builder/bin/pip install --no-cache-dir "hatchling>=1.27" \
 && /opt/builder/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation -w /build/wheel . \
 && /opt/reminder/bin/pip install --no-cache-dir --no-deps /build/wheel/*.whl

FROM python:3.12-slim
RUN useradd --system --create-home --home-dir /data reminder
COPY --from=build /opt/reminder /opt/reminder
ENV PATH=/opt/reminder/bin:$PATH \
    REMINDER_DATABASE_URL=sqlite:////data/reminder.db \
    REMINDER_SITE_DIR=/data/site \
    REMINDER_LOG=json
USER reminder
WORKDIR /data
VOLUME /data
# Mount the configuration read-only at /data/config; secrets come as REMINDER_…_FILE.
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s CMD ["reminder", "--quiet", "health"]
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "reminder migrate && exec reminder run"]
