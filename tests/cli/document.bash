# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the commands that a Markdown document shows, and compares the output it quotes. Load after
# helper.bash.

# These take longer than a usual test may. `./bootstrap check --all` sets HEADROOM_LONG_TESTS and
# runs them too.
long_commands='headroom size examples/smb/inventory.csv --growth 10 --buy staged'

# These are what runs the tests, or are run by `make distcheck`: a test cannot run them again.
outer_commands='./bootstrap check
./bootstrap check --all
make -C build install'

# document_lines FILE: every line of a code block as "block TEXT", of a block of SQL as "sql TEXT",
# "end" behind a block, and every code span as "span TEXT", in the order of the document.
document_lines() {
    awk '
        /^ *```/ {
            fence = fence != "" ? "" : /sql/ ? "sql" : "block"
            if (fence == "") { print "end" }
            next
        }
        fence != "" { print fence " " $0; next }
        /^    / && (was_blank || in_block) { in_block = 1; print "block " substr($0, 5); next }
        {
            was_blank = /^ *$/
            if (!was_blank && in_block) { in_block = 0; print "end" }
            rest = $0
            while (match(rest, /`[^`]+`/)) {
                print "span " substr(rest, RSTART + 1, RLENGTH - 2)
                rest = substr(rest, RSTART + RLENGTH)
            }
            if (rest ~ /`/) { print "broken " $0 }
        }' "$1"
}

# What makes a line or a span a command; a bare name is none.
command_pattern='(headroom|sqlite3|pdftoppm|export|make|\./bootstrap) .+'

# document_commands FILE: its commands, one per line, without the remarks behind them.
document_commands() {
    document_lines "$1" | sed -nE "s| +# .*\$||; s~^(block|span) ($command_pattern)~\2~p"
}

# document_text FILE: its words, one blank between any two.
document_text() {
    tr -s ' \n' '  ' < "$1"
}

# A folder like the project's root as it is after building: the commands of README find there what
# they name, and what they write does not touch the source.
enter_copy() {
    mkdir -p root/bin root/build root/build-aux
    cp -r "$top_srcdir/examples" root/
    chmod -R u+w root/examples
    cp "$top_srcdir/bootstrap" root/
    ln -s "$top_srcdir/data" "$top_srcdir/reports" root/
    ln -s "$HEADROOM" root/build/headroom
    # The program is there: its packages are installed, and make has nothing left to do.
    printf '#!/bin/sh\nshift 2\nprintf "ii  %%s\\n" "$@"\n' > root/bin/dpkg-query
    printf 'all:\n' > root/build/Makefile
    touch root/build/.configured-with root/build-aux/tap-driver.sh root/configure.ac root/configure
    chmod +x root/bin/dpkg-query root/configure
    cd root || return 1
    PATH=$PWD/bin:$PATH
    unset MAKEFLAGS MFLAGS MAKELEVEL
    : > printed
    : > ran
}

# named_files COMMAND REMARK: the files that a command says it writes.
named_files() {
    local words word before='' output='' verb
    read -ra words <<< "$1"
    verb=${words[1]:-}
    for word in "${words[@]}"; do
        case $before in
            -o | --output) output=$word && echo "$word" ;;
            --report | --series | --to) echo "$word" ;;
        esac
        before=$word
    done
    case ${words[0]} in
        pdftoppm) echo "$before-*1.png" ;;
        headroom)
            case $verb in
                size | simulate) [ -n "$output" ] || echo headroom.db ;;
                init) echo "${words[2]}/inventory.csv" "${words[2]}/scenario.yaml" ;;
            esac
            ;;
    esac
    tr ', ' '\n' <<< "$2" | grep -E '^[a-z-]+\.(db|pdf|csv)$' || true
}

# run_command COMMAND REMARK: it must end with 0 and write what it names. Its output is appended to
# the file printed. Runs in this shell, so that `export` holds for what follows.
run_command() {
    local file here=$PWD
    echo "running: $1"
    touch before
    status=0
    eval "$1" > out 2> err || status=$?
    cd "$here" || return 1
    must "$status" -eq 0
    cat out >> printed
    echo "$1" >> ran
    for file in $(named_files "$1" "$2"); do
        must -s "$file"
        must "$file" -nt before
    done
}

# have LIST LINE: whether the line stands in a list of lines.
have() {
    grep -qxF -- "$2" <<< "$1"
}

# quoted TEXT: the lines that the document shows in a row must have been printed in a row, however
# far indented.
quoted() {
    local start
    if [ -z "$1" ] || WANTED=$1 awk '
        { sub(/^ +/, ""); all = all $0 "\n" }
        END { exit index(all, ENVIRON["WANTED"]) == 0 }' printed; then
        return 0
    fi
    echo "the document quotes, but no command before it prints:"
    printf %s "$1" | sed 's/^/  /'
    echo "the last command printed, where lines begin alike:"
    while read -r start; do
        grep -F -- "${start%%  *}" out | sed 's/^/  /'
    done < <(printf %s "$1")
    return 1
}

# run_document FILE: runs its commands in order, each once and the long ones not, and compares what
# it quotes. A line of a code block that is neither a command nor printed by one is a failure.
run_document() {
    local kind text command quote=''
    while read -r kind text; do
        command=$(sed -E 's/ +# .*$//' <<< "$text")
        if [ "$kind" = block ] && ! grep -qE "^$command_pattern" <<< "$text"; then
            quote+="$text"$'\n'
            continue
        fi
        quoted "$quote"
        quote=''
        if [ "$kind" = broken ]; then
            echo "a code span goes on over the end of a line: $text"
            return 1
        fi
        if ! grep -qE "^$command_pattern" <<< "$text" || have "$outer_commands" "$command" ||
            have "$long_commands" "$command" || have "$(cat ran)" "$command"; then
            continue
        fi
        run_command "$command" "${text#"$command"}"
    done < <(document_lines "$1")
    quoted "$quote"
    must -s ran
}
