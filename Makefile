.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON3 ?= python3
VAR_DIR ?= var
JOBS ?= 2
export VAR_DIR

VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
APPS := config workflow revisions notifications
MIGRATIONS := $(shell find $(APPS) -path '*/migrations/*.py' 2>/dev/null)
STATIC := $(shell find $(APPS) -path '*/static/*' 2>/dev/null)

.PHONY: help run reset test lint check states translations screens bench chaos browser lock

help: ## この一覧
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

run: export DEMO_PASSWORD ?= kaitei-demo
run: $(VENV)/.run $(VAR_DIR)/.migrated $(VAR_DIR)/.static $(VAR_DIR)/.demo ## デモを動かす(PORT=8000)
	@echo "起動しています…"
	@exec $(MANAGE) runall

reset: ## デモのデータを最初からにする(先に make run を止めること)
	@rm -rf $(addprefix $(VAR_DIR)/,kaitei.sqlite3* broker mail beat-schedule* .migrated .demo)
	@echo "デモのデータを消しました。make run で作り直します。"

test: $(VENV)/.dev browser ## 試験(ARGS= で pytest の引数)
	@$(PY) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

lint: $(VENV)/.dev ## 書式・型・依存の向き
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

check: export PRODUCTION := 1
check: export SECRET_KEY ?= $(shell $(PYTHON3) -c "import secrets; print(secrets.token_urlsafe(50))")
check: export ALLOWED_HOSTS ?= kaitei.example.lg.jp
check: $(VENV)/.dev ## 古い図・移行の書き忘れ・本番の設定
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) diagrams --check docs/states.md
	$(MANAGE) check --deploy --fail-level WARNING

states: $(VENV)/.run ## docs/states.md を書き直す
	$(MANAGE) diagrams --write docs/states.md

PO := locale/en/LC_MESSAGES/django.po
translations: $(VENV)/.run ## 英語の訳に抜けがないか(gettext が要る)
	@msgfmt --check -o - $(PO) | cmp - $(PO:.po=.mo)
	@$(MANAGE) makemessages -l en --no-location --no-obsolete --no-wrap -i .venv -i var -v 0
	@git diff --exit-code -I POT-Creation-Date -- $(PO)
	@if msgattrib --untranslated $(PO) | grep . || msgattrib --only-fuzzy $(PO) | grep .; then \
	  echo "英語の訳が抜けています: $(PO)"; exit 1; fi

screens: $(VENV)/.dev browser ## 全画面の絵を var/screens に
	$(PY) -m tests.browser.screens

bench: $(VENV)/.dev benchmarks/.venv/.done $(VAR_DIR)/.static ## 速さを測る(ARGS="write pages"、PostgreSQL は BENCH_DATABASE_URL)
	$(PY) -m benchmarks $(ARGS)

chaos: export KILLS ?= 50
chaos: $(VENV)/.dev ## 動いているものを止め、切り、落とす(DATABASE_URL に PostgreSQL、KILLS=50 SEED=)
	env -u DATABASE_URL $(PY) -m pytest tests/chaos/test_runall.py
	$(PY) -m pytest tests/chaos $(ARGS)

lock: ## requirements*.lock を書き直す(uv が要る)
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-annotate \
	  --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

# What is set up once, and again when its source changes

$(PY):
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 以上が必要です(PYTHON3=python3.12 make ... のように選べます)。"; exit 1; }
	@$(PYTHON3) -m venv $(VENV) \
	  || { echo "venv を作れません。Debian では apt install python3-venv を実行してください。"; exit 1; }

# uv when it is there, pip when it is not or cannot
install = @echo "ライブラリを入れています($(1))…"; \
	{ command -v uv >/dev/null && uv pip install -q --python $(PY) --require-hashes -r $(1); } \
	|| $(PY) -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r $(1)

$(VENV)/.run: requirements.lock | $(PY)
	$(call install,$<)
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(PY)
	$(call install,$<)
	@touch $@ $(VENV)/.run

benchmarks/.venv/.done: benchmarks/requirements.txt
	@echo "比べる相手を入れています($<)…"
	@$(PYTHON3) -m venv $(@D)
	@$(@D)/bin/python -m pip install -qq --disable-pip-version-check -r $<
	@touch $@

$(VAR_DIR)/.migrated: requirements.lock $(MIGRATIONS) | $(VENV)/.run
	@echo "データベースを用意しています…"
	@$(MANAGE) migrate --verbosity 0
	@touch $@

$(VAR_DIR)/.demo: | $(VAR_DIR)/.migrated
	@echo "デモの市と計画を作っています…"
	@$(MANAGE) demo >/dev/null
	@touch $@

$(VAR_DIR)/.static: requirements.lock $(STATIC) | $(VENV)/.run
	@echo "画面の部品を集めています…"
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
	@touch $@

# Chromium and Japanese fonts, through apt where that is permitted
browser:
	@if command -v chromium-headless-shell >/dev/null && fc-list :lang=ja | grep -q .; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Chromium と日本語フォントを入れています…"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends chromium-headless-shell fontconfig fonts-morisawa-bizud-gothic fonts-noto-cjk; } \
	    >/dev/null || echo "入れられませんでした。ブラウザの試験は省きます。"; \
	elif command -v chromium >/dev/null; then :; \
	else \
	  echo "Chromium が無いため、ブラウザの試験は省きます(apt install chromium-headless-shell fonts-noto-cjk)。"; \
	fi
