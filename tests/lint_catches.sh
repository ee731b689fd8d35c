#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The lint finds each fault it is for: one planted at a time in a tree that is otherwise clean.
set -u
lint=$top_srcdir/build-aux/lint.sh
tree=$(mktemp -d) || exit 1
trap 'rm -r "$tree"' EXIT
spdx='/* SPDX-License-Identifier: GPL-3.0-or-later */'

plant() {
    rm -rf "$tree/src" "$tree/tests" "$tree/doc"
    mkdir -p "$tree/src/base" "$tree/tests" "$tree/doc" "$tree/build-aux"
    cp "$top_srcdir/build-aux/layers.awk" "$top_srcdir/build-aux/cppcheck.cfg" "$tree/build-aux/"
    cp "$top_srcdir/src/LAYERS" "$tree/src/"
    cp "$top_srcdir/.clang-format" "$top_srcdir/.clang-tidy" "$tree/"
    printf '%s\n#ifndef HR_BASE_ONE_H\n#define HR_BASE_ONE_H\n\nint hr_one(int a);\n\n#endif\n' "$spdx" \
        > "$tree/src/base/one.h"
    printf '%s\n#include "base/one.h"\n\nint hr_one(int a)\n{\n    return a;\n}\n' "$spdx" \
        > "$tree/src/base/one.c"
}

# Runs the lint on the planted tree; prints the names of the rules that failed, joined by ";". A lint
# that stops before its plan counts as a failed rule.
broken() {
    # shellcheck disable=SC2086
    top_srcdir=$tree "$lint" $deep > "$tree/tap"
    grep -q '^1\.\.' "$tree/tap" || printf 'it did not run to its end;'
    sed -n 's/^not ok [0-9]* - //p' "$tree/tap" | tr '\n' ';'
}

deep=
n=0
expect() {
    n=$((n + 1))
    got=$(broken)
    case ";$got" in
        *";$2;"*) echo "ok $n - $1" ;;
        *) echo "not ok $n - $1 # got: $got" ;;
    esac
}

plant
n=1
if [ -z "$(broken)" ]; then echo "ok 1 - a clean tree passes"; else echo "not ok 1 - a clean tree passes # got: $(broken)"; fi

plant
printf '#include "engine/queue.h"\n' >> "$tree/src/base/one.c"
expect "an upward include" "includes stay within src/LAYERS"

sizes="functions: at most 100 lines and 7 parameters"
plant
{
    printf 'int hr_long(void)\n{\n'
    for i in 0 1 2 3 4 5 6 7 8 9; do printf '    hr_one(%s);\n\n\n\n\n\n\n\n\n\n' "$i"; done
    printf '    return 0;\n}\n'
} >> "$tree/src/base/one.c"
expect "a function of 103 lines" "$sizes"
plant
printf 'int hr_many(int a, int b, int c, int d,\n            int e, int f, int g, int h)\n{\n    return a;\n}\n' >> "$tree/src/base/one.c"
expect "eight parameters" "$sizes"

plant
i=0
while [ $i -lt 800 ]; do i=$((i + 1)); echo "/* $i */"; done >> "$tree/src/base/one.c"
expect "a file of 807 lines" "files: at most 800 lines"

own="own header first, guards named after the path"
plant
printf '%s\n#include <stdio.h>\n#include "base/one.h"\n' "$spdx" > "$tree/src/base/one.c"
expect "the own header second" "$own"
plant
sed -i 's/HR_BASE_ONE_H/ONE_H/' "$tree/src/base/one.h"
expect "a guard of another name" "$own"

ascii="ASCII code, no data that outlives a call"
plant
printf 'int gr\303\266sse;\n' >> "$tree/src/base/one.c"
expect "a letter outside ASCII in a name" "$ascii"
plant
printf '/* gr\303\266sse\n * gr\303\266sse */ static const char *const text = "gr\303\266sse"; // \303\266\n' >> "$tree/src/base/one.c"
n=$((n + 1))
case ";$(broken)" in
    *";$ascii;"*) echo "not ok $n - letters outside ASCII in strings and comments are let be" ;;
    *) echo "ok $n - letters outside ASCII in strings and comments are let be" ;;
esac
plant
printf 'static int counter;\n' >> "$tree/src/base/one.c"
expect "a variable of the file" "$ascii"
plant
printf 'int hr_next(void)\n{\n    static int last = 0;\n    return ++last;\n}\n' >> "$tree/src/base/one.c"
expect "a local that remembers" "$ascii"

plant
printf '#if 0\n#endif\n' >> "$tree/src/base/one.c"
expect "switched-off code" "no switched-off code"
plant
printf '#include "../base/one.h"\n' >> "$tree/tests/t.c"
expect "a relative include" "no include by a relative path"
plant
printf 'int a;\t/* a */\n' >> "$tree/src/base/one.c"
expect "a tab" "no tabs in C"
plant
printf '/* TO''DO: more */\n' >> "$tree/src/base/one.c"
expect "a note of work left" "nothing left to do in code and scripts"
plant
printf 'int a;\n' > "$tree/tests/t.c"
expect "a source without a licence line" "every source names its licence"

optional() {
    # shellcheck disable=SC2086
    if top_srcdir=$tree "$lint" $deep | grep -q "^ok .* $2 # SKIP"; then
        n=$((n + 1))
        echo "ok $n - $1 # SKIP its tool is not installed"
    else
        expect "$1" "$2"
    fi
}
plant
printf 'int  a ;\n' >> "$tree/src/base/one.c"
optional "odd spacing" "formatted by .clang-format"
plant
# shellcheck disable=SC2016
printf '#!/bin/sh\n# SPDX-License-Identifier: GPL-3.0-or-later\nrm $1\n' > "$tree/tests/t.sh"
optional "an unquoted variable" "shellcheck"
plant
printf '.Dd May 1, 2024\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd x\n.Foo\n' > "$tree/doc/x.1"
optional "an unknown macro in a man page" "man pages"

# What takes minutes on all the code takes a second on this file of it.
deep="--deep -std=c17 -I$tree/src $(pkg-config --cflags glib-2.0)"
plant_code() {
    plant
    {
        printf '%s\n#include "base/one.h"\n\n#include <stdio.h>\n#include <string.h>\n\n' "$spdx"
        printf '#include <glib.h>\n\nint hr_one(int a)\n{\n'
        printf '    %s\n' "$@"
        printf '}\n'
    } > "$tree/src/base/one.c"
}
plant_code 'g_autofree char *text = g_strdup_printf("%d", a);' 'return (int)strlen(text);'
n=$((n + 1))
found=$(broken)
if [ -z "$found" ]; then echo "ok $n - memory that frees itself is no leak"; else echo "not ok $n - memory that frees itself is no leak # got: $found"; fi
plant_code 'FILE *file = tmpfile();' 'if (file != NULL) {' '    fclose(file);' '}' 'return a;'
optional "a file closed without a look at the result" "clang-tidy"
plant_code 'int *none = NULL;' 'return a == 1 ? *none : a;'
optional "a null pointer followed" "clang-tidy"
plant_code 'char *text = g_strdup("a");' 'return text[0] + a;'
optional "a text never freed" "cppcheck"
echo "1..$n"
