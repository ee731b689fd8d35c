#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The words of the command line: --help, manual pages and completion say the same.

load helper

# The subcommands that --help lists.
subcommands() {
    "$HEADROOM" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort
}

# long_options SUBCOMMAND: those that its --help lists, without the dashes.
long_options() {
    "$HEADROOM" "$1" --help | sed -nE 's/^ *(-[a-zA-Z], )?--([a-z][a-z-]*).*/\2/p' | sort -u
}

@test "words: headroom(1) lists the subcommands of --help, and refers to their pages" {
    subcommands > in_help
    must -s in_help
    sed -n '/^The subcommands are:/,/^\.Ss/s/^\.It Cm \([a-z]*\).*/\1/p' "$top_srcdir/doc/headroom.1" |
        sort > in_manual
    diff in_help in_manual
    sed -n '/^The subcommands are:/,/^\.Ss/s/^\.Xr headroom-\([a-z]*\) 1.*/\1/p' \
        "$top_srcdir/doc/headroom.1" | sort > with_page
    diff in_help with_page
}

@test "words: each subcommand has a manual page with the options of its --help" {
    for name in $(subcommands); do
        page=$top_srcdir/doc/headroom-$name.1
        must -s "$page"
        matches "doc/headroom-$name\.1( |\$)" "$top_srcdir/doc/local.mk"
        long_options "$name" > in_help
        sed -nE 's/^\.It (Fl [a-zA-Z] , )?Fl -([a-z][a-z-]*).*/\2/p' "$page" | sort -u > in_manual
        must -s in_help
        echo "$name"
        diff in_help in_manual
    done
}

@test "words: the dialects of headroom(1) are those that are read" {
    printf 'a\n1\n' > foreign.csv
    call inventory foreign.csv
    must "$status" -eq 3
    # The message lists each dialect with what it needs.
    must "$(grep -oE '[a-z]+ needs ' err | sort | tr '\n' ' ')" = "headroom needs  rvtools needs  "
    matches 'RVTools' "$top_srcdir/doc/headroom.1"
    if grep -E 'Azure|Hyper-V|PowerCLI|Live Optics|Proxmox' "$top_srcdir/doc/headroom.1"; then
        echo "headroom(1) promises a dialect that is not read"
        return 1
    fi
}

# complete WORDS...: what bash would offer for the last of them, one a line.
complete_words() {
    bash -c '
        . "$1"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        COMPREPLY=()
        _headroom
        printf "%s\n" "${COMPREPLY[@]}"' bash "$top_srcdir/doc/headroom.bash-completion" "$@" | sort -u
}

@test "words: completion offers the subcommands, and the options of each" {
    subcommands > in_help
    complete_words headroom '' > offered
    diff in_help offered
    for name in $(subcommands); do
        long_options "$name" | sed 's/^/--/' | sort -u > in_help
        complete_words headroom "$name" -- > offered
        echo "$name"
        diff in_help offered
    done
}

@test "words: completion offers values where they are few, and files where one is wanted" {
    must "$(complete_words headroom size --powered-off '' | tr '\n' ' ')" = "full ignore storage "
    must "$(complete_words headroom report --paper l)" = "letter"
    must "$(complete_words headroom catalog '' | tr '\n' ' ')" = \
        "backup guests hosts platforms prices roles storage "
    touch inventory.csv
    must "$(complete_words headroom inventory inv)" = "inventory.csv"
}
