# Two commands on a fresh machine: make demo, make test. Each does all its set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
SEEDS ?= 100
SECONDS ?= 260

.PHONY: prove-reminders setup demo simulate simulate-all soak test coverage test-slow faults fault-list fuzz lint bench lock clean prove-replies



setup: $(STAMP)

$(STAMP): requirements-dev.lock requirements-axe.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-axe.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# `make demo CONFIG=DIR` rehearses the year of your own files; ARGS="--round 2026 --seed 2 --lang fi" goes to `reminder rehearse`.
demo: setup
ifdef CONFIG
	$(BIN)/python -m reminder --config "$(CONFIG)" rehearse $(ARGS)
else
	$(BIN)/python -m reminder.sandbox.demo
endif

simulate: setup
	$(BIN)/python -m reminder simulate --seeds $(SEEDS) --pairs $(SEEDS)

# Thirty yearly rounds on one database, and what grows: some minutes.
soak: setup
	$(BIN)/python -m reminder simulate --years 30

# Every crash point of the golden round, every planted defect, the seeds that once found something: some minutes of all processors.
simulate-all: setup
	$(BIN)/python -m pytest -n auto --dist worksteal -m simulation

test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

# The same tests with every line and branch counted, which takes half as long again.
coverage: setup
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" --cov --cov-report=term

# Reminders through services that are killed all the time; N=10000 takes long. BACKEND=postgresql has four workers.
prove-reminders: setup
	$(BIN)/python -m tests.crash.campaign --mails $(or $(N),300) --backend $(or $(BACKEND),sqlite)
# Proof 4 of docs/proofs.md; N=10000 takes long. The service is killed and Dovecot restarted meanwhile.
prove-replies: setup
	$(BIN)/python -m tests.crash.replies --replies $(or $(N),2000) --waves $(or $(WAVES),8)

test-slow: setup
	$(BIN)/python -m pytest -m "slow and not simulation"

# Every test that shows how a fault ends, fast and slow; writes docs/faults.md. `make fault-list` runs nothing and keeps the results.
faults: fault-list
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "fault and not simulation" --fault-table=docs/faults.md

fault-list: setup
	$(BIN)/python -m pytest --collect-only -q -q -m fault --fault-table=docs/faults.md >/dev/null

# Coverage-guided fuzzing of everything that reads what others have written; SECONDS of processor time in all (docs/proofs.md).
fuzz: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	$(BIN)/python -m fuzz --seconds $(SECONDS) $(TARGETS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m bench

lock: setup
	$(BIN)/uv pip compile --quiet --generate-hashes --no-strip-extras --universal --python-version 3.11 --no-header --all-extras --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-strip-extras --universal --python-version 3.11 --no-header --extra postgres --extra oauth --extra pdf --extra docx -c requirements-dev.lock pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-strip-extras --universal --python-version 3.11 --no-header --group pyproject.toml:fuzz -o requirements-fuzz.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-deps --universal --python-version 3.11 --no-header --group pyproject.toml:axe -o requirements-axe.lock

clean:
	rm -rf $(VENV) build dist demo-out fuzz-out rehearsal-out .mypy_cache .ruff_cache .pytest_cache
