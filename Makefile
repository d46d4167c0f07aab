# ringside: everything that one does with it, in one place. `make help` lists it.

SWIFT  ?= swift
PREFIX ?= /usr/local
SHARE   = $(DESTDIR)$(PREFIX)/share/ringside
# The manual page and what shells complete, where man and the shells look for them.
MAN     = $(DESTDIR)$(PREFIX)/share/man/man1
BASH    = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH     = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISH    = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

RELEASE = -c release --product ringside
# The installed program runs without the Swift toolchain that built it.
ALONE   = $(RELEASE) --static-swift-stdlib
# Makes a manual page of what the program says of its own arguments.
MANUAL_PAGE = -c release --product generate-manual
SOURCES = Sources Tests Package.swift
MANUAL  = .build/manual

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test soak bench format lint manual manual-tables install uninstall clean \
	prerequisites swift libedit

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: prerequisites ## build ringside and open the first lesson
	@$(SWIFT) build $(RELEASE)
	@exec "$$($(SWIFT) build $(RELEASE) --show-bin-path)/ringside" lesson 01

test: prerequisites ## build, and pass every test
	@$(SWIFT) test --disable-xctest

soak: prerequisites ## the random tests with far more cases, in release mode; a failure names its seed
	RINGSIDE_SOAK=1 $(SWIFT) test --disable-xctest -c release -Xswiftc -enable-testing \
		--scratch-path .build-soak

bench: prerequisites ## how fast the machine runs, forwards and back, and starts
	@$(SWIFT) build $(RELEASE)
	@$(SWIFT) run -c release ringside-bench

format: swift ## lay out the code
	$(SWIFT) format -i -r $(SOURCES)

lint: swift ## fail where the code is not laid out so
	$(SWIFT) format lint --strict -r $(SOURCES)

manual: prerequisites ## the manual as web pages, in .build/manual
	@mkdir -p $(MANUAL)
	$(SWIFT) package --allow-writing-to-directory $(MANUAL) generate-documentation \
		--target Manual --output-path $(MANUAL) --transform-for-static-hosting
	@echo "The manual: serve $(MANUAL) with any web server and open documentation/manual"

manual-tables: prerequisites ## write the manual's tables anew from the code's own
	RINGSIDE_UPDATE_MANUAL=1 $(SWIFT) test --disable-xctest --filter "ManualTablesTests|WorkloadTests"

install: prerequisites ## install under PREFIX (/usr/local); DESTDIR is honoured
	$(SWIFT) build $(ALONE)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)"
	install -m 755 "$$($(SWIFT) build $(ALONE) --show-bin-path)/ringside" "$(DESTDIR)$(PREFIX)/bin/"
	rm -rf "$(SHARE)/lessons" "$(SHARE)/transcripts"
	cp -R $(wildcard lessons transcripts) "$(SHARE)/"
	chmod -R u=rwX,go=rX "$(SHARE)"
	$(SWIFT) build $(MANUAL_PAGE)
	install -d "$(MAN)" "$(BASH)" "$(ZSH)" "$(FISH)"
	"$$($(SWIFT) build $(MANUAL_PAGE) --show-bin-path)/generate-manual" \
		"$(DESTDIR)$(PREFIX)/bin/ringside" -o "$(MAN)"
	"$(DESTDIR)$(PREFIX)/bin/ringside" --generate-completion-script bash > "$(BASH)/ringside"
	"$(DESTDIR)$(PREFIX)/bin/ringside" --generate-completion-script zsh > "$(ZSH)/_ringside"
	"$(DESTDIR)$(PREFIX)/bin/ringside" --generate-completion-script fish > "$(FISH)/ringside.fish"
	chmod go=r "$(MAN)/ringside.1" "$(BASH)/ringside" "$(ZSH)/_ringside" "$(FISH)/ringside.fish"

uninstall: ## remove what `make install` with the same PREFIX put there
	rm -f "$(DESTDIR)$(PREFIX)/bin/ringside"
	rm -rf "$(SHARE)" "$(MAN)/ringside.1" "$(BASH)/ringside" "$(ZSH)/_ringside" \
		"$(FISH)/ringside.fish"

clean: ## remove what was built
	rm -rf .build .build-*

# What a build needs beside the sources, each with the one line that helps if it isn't there.

prerequisites: swift libedit

swift:
	@command -v $(SWIFT) >/dev/null || { \
	  echo "ringside is built with Swift 6.1 or later, and there is no \`$(SWIFT)\` on the PATH:" \
	    "see https://www.swift.org/install" >&2; exit 1; }

HAS_LIBEDIT = printf '\#include <histedit.h>\n' | cc -E -x c - >/dev/null 2>&1 \
	|| test -e /usr/include/histedit.h
SUDO = sudo
APT = env DEBIAN_FRONTEND=noninteractive apt-get

libedit:
	@if $(HAS_LIBEDIT); then exit 0; fi; \
	help="ringside needs libedit's header, histedit.h. Install it, then try again"; \
	command -v apt-get >/dev/null || { \
	  echo "$$help (Fedora: libedit-devel, Arch: libedit, openSUSE: libedit-devel)." >&2; exit 1; }; \
	if [ "$$(id -u)" = 0 ]; then sudo=; \
	elif command -v $(SUDO) >/dev/null; then sudo="$(SUDO)"; \
	else echo "$$help, as root: apt-get install libedit-dev" >&2; exit 1; fi; \
	echo "Installing libedit-dev (ringside edits its command line with it)"; \
	$$sudo $(APT) install -y -q libedit-dev \
	  || { $$sudo $(APT) update -q && $$sudo $(APT) install -y -q libedit-dev; } \
	  || { echo "$$help: apt-get install libedit-dev" >&2; exit 1; }
