#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The house rules that a program can check. Prints TAP and changes nothing.
# Usage: lint.sh                      the quick rules, those of `make check`
#        lint.sh --deep FLAG...       clang-tidy and cppcheck too, with these compiler flags
# Environment: top_srcdir, the tree to check (default: the one this script lies in).
set -u
LC_ALL=C
export LC_ALL
cd "${top_srcdir:-$(dirname "$0")/..}" || exit 1

n=0
failures=0

# verdict NAME FINDINGS: one TAP result; findings, one a line, make it fail.
verdict() {
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        failures=$((failures + 1))
        echo "not ok $n - $1"
        printf '%s\n' "$2" | head -n 50 | sed 's/^/# /'
    fi
}

skip() {
    n=$((n + 1))
    echo "ok $n - $1 # SKIP $2"
}

code() {
    find src tests -name '*.[ch]' 2> /dev/null | sort
}

scripts() {
    find bootstrap .ci/run build-aux/lint.sh -type f 2> /dev/null
    find tests \( -name '*.sh' -o -name '*.bats' -o -name '*.bash' \) 2> /dev/null | sort
}

build_files() {
    find configure.ac Makefile.am build-aux/layers.awk build-aux/cppcheck.cfg -type f 2> /dev/null
    find src tests data reports doc examples -name '*.mk' 2> /dev/null | sort
}

# on LIST COMMAND...: the command with the files of LIST (whose names hold no blanks) appended.
on() {
    list=$("$1")
    shift
    if [ -n "$list" ]; then
        # shellcheck disable=SC2086
        "$@" $list
    fi
}

layers() {
    find src -mindepth 2 -name '*.[ch]' | sort | xargs awk -f build-aux/layers.awk src/LAYERS
}

# Functions open and close with a brace of their own in the first column.
function_sizes() {
    awk '
        function parameters(s,   i, c, depth, commas, seen) {
            for (i = 1; i <= length(s); i++) {
                c = substr(s, i, 1)
                if (c == "(") { depth++; seen = 1 }
                if (c == ")") depth--
                if (c == "," && depth == 1) commas++
                if (seen && depth == 0) break
            }
            return commas + 1 - (s ~ /\.\.\./)
        }
        FNR == 1 { inside = 0; head = "" }
        !inside && /^[{]$/ {
            inside = 1; start = FNR
            if (parameters(head) > 7)
                print FILENAME ":" FNR ": " parameters(head) " parameters, at most 7"
            next
        }
        inside && /^[}]/ {
            if (FNR - start + 1 > 100)
                print FILENAME ":" start ": a function of " FNR - start + 1 " lines, at most 100"
            inside = 0; head = ""; next
        }
        !inside { head = /^[#\/ *]*$/ || /^[#\/]/ || /;[ \t]*$/ ? "" : head $0 }
    ' "$@"
}

file_sizes() {
    awk '
        FNR == 801 { print FILENAME ": more than 800 lines" }
    ' "$@"
}

# Code without its strings and comments: bytes outside ASCII, and data that outlives a call.
bare_code() {
    awk '
        FNR == 1 { comment = 0 }
        {
            line = $0; bare = ""
            while (line != "") {
                if (comment) {
                    i = index(line, "*/")
                    if (!i) break
                    line = substr(line, i + 2); comment = 0; continue
                }
                if (!match(line, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/\*|\/\//)) {
                    bare = bare line; break
                }
                token = substr(line, RSTART, RLENGTH)
                bare = bare substr(line, 1, RSTART - 1)
                line = substr(line, RSTART + RLENGTH)
                if (token == "/*") comment = 1
                if (token == "//") break
            }
            if (bare ~ /[^\t -~]/) print FILENAME ":" FNR ": not ASCII outside strings and comments"
            if (FILENAME ~ /^src\// && bare ~ /^[ \t]*static [^(]*[=;]/ &&
                bare !~ /const|volatile sig_atomic_t/)
                print FILENAME ":" FNR ": static data that can change"
        }
    ' "$@"
}

# A file includes its own header first (config.h may precede it), and a header is guarded by its
# path.
headers() {
    for file in "$@"; do
        case $file in
            src/*.h)
                guard=HR_$(echo "${file#src/}" | tr 'a-z/.' 'A-Z__')
                grep -q "^#ifndef $guard\$" "$file" || echo "$file: is not guarded by $guard"
                ;;
            src/*.c)
                own=${file#src/}
                own=${own%.c}.h
                if [ -f "src/$own" ]; then
                    first=$(sed -n '/"config\.h"/d; s/^#include *"\(.*\)".*/\1/p; s/^#include *\(<.*>\).*/\1/p' "$file" |
                        head -n 1)
                    [ "$first" = "$own" ] || echo "$file: $own is not included first"
                fi
                ;;
        esac
    done
}

spdx() {
    for file in "$@"; do
        head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
            echo "$file: no SPDX line"
    done
}

marks() {
    # Spelled so that this file does not find itself.
    grep -nE '\b(TO''DO|FIX''ME|X''XX)\b' "$@" /dev/null
}

# Formatting differs between versions; the binding one is Debian 12's.
formatter() {
    for name in clang-format-14 clang-format; do
        if command -v "$name" > /dev/null && "$name" --version | grep -q 'version 14\.'; then
            echo "$name"
            return
        fi
    done
}

# unformatted PROGRAM FILE...
unformatted() {
    program=$1
    shift
    for file in "$@"; do
        "$program" --dry-run -Werror "$file" 2> /dev/null || echo "$file: $program -i would change it"
    done
}

verdict "includes stay within src/LAYERS" "$(layers 2>&1)"
verdict "functions: at most 100 lines and 7 parameters" "$(on code function_sizes)"
verdict "files: at most 800 lines" "$(on code file_sizes)"
verdict "own header first, guards named after the path" "$(on code headers)"
verdict "ASCII code, no data that outlives a call" "$(on code bare_code)"
verdict "no switched-off code" "$(on code grep -nE '^[[:space:]]*#[[:space:]]*if[[:space:]]+0\b' /dev/null)"
verdict "no include by a relative path" "$(on code grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]+"\.\.?/' /dev/null)"
verdict "no tabs in C" "$(on code grep -n "$(printf '\t')" /dev/null)"
verdict "nothing left to do in code and scripts" "$(on code marks; on scripts marks)"
verdict "every source names its licence" "$(on code spdx; on scripts spdx; on build_files spdx)"

if format=$(formatter) && [ -n "$format" ]; then
    verdict "formatted by .clang-format" "$(on code unformatted "$format")"
else
    skip "formatted by .clang-format" "clang-format 14 is not installed"
fi
# SC2154: the tests take top_srcdir and others from the environment that `make check` sets.
if command -v shellcheck > /dev/null; then
    verdict "shellcheck" "$(on scripts shellcheck --exclude=SC2154 2>&1)"
else
    skip "shellcheck" "shellcheck is not installed"
fi
if command -v mandoc > /dev/null; then
    verdict "man pages" "$(find doc -name '*.[1-9]' -exec mandoc -T lint -W warning {} + 2>&1)"
else
    skip "man pages" "mandoc is not installed"
fi

c_files() {
    find src -name '*.c' | sort
}

# What .clang-tidy switches on and off is meant for this version, as the formatting is.
tidier() {
    for name in clang-tidy-14 clang-tidy; do
        if command -v "$name" > /dev/null && "$name" --version | grep -q 'version 14\.'; then
            echo "$name"
            return
        fi
    done
}

# findings STATUS FILE: the lines of FILE that name a fault. A tool that failed without naming one
# has not looked, and that is a finding too.
findings() {
    if ! grep -E ': (warning|error): ' "$2" | sort -u | grep . && [ "$1" -ne 0 ]; then
        echo "it ended with status $1:"
        tail -n 5 "$2"
    fi
}

# tidy PROGRAM FLAG...: one process a file, so that all processors work.
tidy() {
    program=$1
    shift
    # With settings it cannot read it would go on with its own.
    if "$program" --dump-config 2>&1 | grep 'error:'; then
        return
    fi
    log=$(mktemp) || { echo "no temporary file"; return; }
    c_files | xargs -P "$(nproc)" -I '{}' "$program" --quiet '{}' -- "$@" > "$log" 2>&1
    findings $? "$log"
    rm -f "$log"
}

# Unused functions and missing system headers are the compiler's business, not cppcheck's. Our own
# cppcheck.cfg comes before gtk: of two definitions of a macro the first holds.
check_c() {
    log=$(mktemp) || { echo "no temporary file"; return; }
    on c_files cppcheck --quiet -j "$(nproc)" --std=c11 --library=posix \
        --library=build-aux/cppcheck.cfg --library=gtk -I src --inline-suppr \
        --enable=warning,performance,portability --suppress=missingIncludeSystem \
        --error-exitcode=1 --template='{file}:{line}: warning: {id}: {message}' > "$log" 2>&1
    findings $? "$log"
    rm -f "$log"
}

if [ "${1:-}" = --deep ]; then
    shift
    if program=$(tidier) && [ -n "$program" ]; then
        verdict "clang-tidy" "$(tidy "$program" "$@")"
    else
        skip "clang-tidy" "clang-tidy 14 is not installed"
    fi
    if command -v cppcheck > /dev/null; then
        verdict "cppcheck" "$(check_c)"
    else
        skip "cppcheck" "cppcheck is not installed"
    fi
fi

echo "1..$n"
[ "$failures" -eq 0 ]
