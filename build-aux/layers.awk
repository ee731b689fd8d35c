# SPDX-License-Identifier: GPL-3.0-or-later
# Who may include whom. Usage: awk -f layers.awk src/LAYERS src/*/*.[ch]
# Prints "file:line: FOLDER may not include X" for each include that src/LAYERS does not allow,
# and exits 1 when it printed anything.
BEGIN {
    n = split("assert ctype errno fcntl float fnmatch glob inttypes libgen limits locale math " \
        "pthread setjmp signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib " \
        "string strings sys/ioctl sys/resource sys/stat sys/time sys/types sys/wait time unistd", c, " ")
    for (i = 1; i <= n; i++) std["<" c[i] ".h>"] = 1
    # Threads belong to study alone, whatever POSIX says.
    delete std["<pthread.h>"]; delete std["<stdatomic.h>"]
}
FNR == NR {
    if ($0 ~ /^[ \t]*(#|$)/) next
    folder = $1; sub(/:$/, "", folder); known[folder] = 1
    for (i = 2; i <= NF; i++) allowed[folder, $i] = 1
    next
}
/^[ \t]*#[ \t]*include/ {
    m = FILENAME; sub(/^.*src\//, "", m); folder = m; sub(/\/.*$/, "", folder)
    x = $0; sub(/^[ \t]*#[ \t]*include[ \t]*/, "", x); sub(/[ \t]*(\/[*\/].*)?$/, "", x)
    if (!(folder in known)) { bad = 1; print FILENAME ":" FNR ": folder " folder " is not in src/LAYERS"; next }
    ok = 0
    if (x ~ /^</) ok = (x in std) || ((folder, x) in allowed)
    else {
        p = x; gsub(/"/, "", p); t = p; sub(/\/.*$/, "", t)
        ok = p == "config.h" || t == folder || ((folder, t) in allowed) || ((folder, p) in allowed)
        if (p ~ /\.\./ || (p !~ /\// && p != "config.h")) ok = 0
    }
    if (!ok) { bad = 1; print FILENAME ":" FNR ": " folder " may not include " x }
}
END { exit bad }
