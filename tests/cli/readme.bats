#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What README.md, the examples and doc/database.md show is run as it stands there, and what they
# quote or count is what the program prints. A new command in one of them is run without a change
# here; a long one is named in document.bash.

load helper
load document

# Numbers as text writes them.
words=(no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen)

# says FILE SENTENCE: the document holds this text, wherever its lines end.
says() {
    if document_text "$1" | grep -qiF -- "$2"; then
        return 0
    fi
    echo "$1 does not say: $2"
    return 1
}

# The variables that README tells to set.
use_built() {
    export HEADROOM_DATA=$PWD/data HEADROOM_REPORTS=$PWD/reports PATH=$PWD/build:$PATH
}

need_tools() {
    need sqlite3
    need pdftoppm
}

# ---- README.md -----------------------------------------------------------------------------------

@test "README: its commands run, write what they name, and print what it quotes" {
    need_tools
    enter_copy
    run_document "$top_srcdir/README.md"
    # The answer is quoted: its table, and one platform in full.
    must "$(document_lines "$top_srcdir/README.md" | grep -cE '^block .*[0-9] GiB ')" -ge 4
    # "Of the last": what stands above the details that are quoted, in what was printed.
    last=$(document_lines "$top_srcdir/README.md" | sed -nE 's/^block (.*[^ ])  +[0-9]+ × .* GiB .*/\1/p' | tail -n 1)
    details=$(document_lines "$top_srcdir/README.md" | sed -nE 's/^block (slowdown p95.*)/\1/p')
    must "$(grep -B 1 -F -- "  $details" printed | head -n 1)" = "$last"
    # What is said in words beneath it.
    document_text printed > one_line
    says one_line 'configured memory one to one, a fifth kept free, four vCPUs per core'
    says "$top_srcdir/README.md" 'configured memory one to one, a fifth kept free, four vCPUs per core'
}

@test "README: a long command" {
    [ -n "${HEADROOM_LONG_TESTS:-}" ] ||
        skip "HEADROOM_LONG_TESTS is not set, so not run: $long_commands"
    document_commands "$top_srcdir/README.md" > commands
    enter_copy
    use_built
    while read -r command; do
        # One that README no longer shows does not belong in the list.
        matches "^$command\$" ../commands
        run_command "$command" ''
    done <<< "$long_commands"
    for phrase in 'growth of 10\.0 % a year' 'bought in stages'; do
        matches "$phrase" printed
    done
}

@test "README: what the tests cannot run is shown there still, and nothing else is left out" {
    # The lists of exceptions hold nothing that has gone.
    for file in README.md CONTRIBUTING.md; do
        document_lines "$top_srcdir/$file" | sed -nE 's/^block //p' | sed -E 's/ +# .*$//'
    done > shown
    while read -r command; do
        matches "^$command\$" shown
    done <<< "$outer_commands"
    must "$(document_commands "$top_srcdir/README.md" | wc -l)" -ge 12
}

@test "README: every file and folder that it names is there" {
    sed -nE 's/.*\]\(([^)]*)\).*/\1/p' "$top_srcdir/README.md" > names
    document_lines "$top_srcdir/README.md" | sed -nE 's/^span ([A-Za-z0-9_./-]+)$/\1/p' |
        grep -E '^(data|doc|examples|reports|src|tests)/|^[A-Z]+(\.md)?$' >> names
    must "$(wc -l < names)" -ge 8
    while read -r name; do
        # NAME stands for any; the glob is meant.
        found=$(compgen -G "$top_srcdir/${name//NAME/*}" | head -n 1)
        echo "named: $name"
        must -e "$found"
    done < names
}

# ---- examples/ -----------------------------------------------------------------------------------

@test "examples: each folder has a README, whose commands run" {
    n=0
    for folder in "$top_srcdir"/examples/*/; do
        n=$((n + 1))
        readme=$folder/README.md
        must -s "$readme"
        must "$(document_commands "$readme" | grep -c '^headroom ')" -ge 1
        (
            enter_copy
            use_built
            # What `./bootstrap run` does to the letter, the test of README.md has run.
            command='headroom size examples/smb/inventory.csv -o smb.db --report smb-report.pdf'
            must "$(grep -cE "^ *build/$command\$" bootstrap)" -eq 1
            echo "$command" >> ran
            run_document "$readme"
        )
        rm -rf root
    done
    must "$n" -ge 2
}

@test "examples: smb has the guests that its README counts" {
    readme=$top_srcdir/examples/smb/README.md
    inventory=$top_srcdir/examples/smb/inventory.csv
    call inventory "$inventory" --json
    must "$status" -eq 0
    off=$(($(json out '$.guests') - $(json out '$.powered_on')))
    says "$readme" "${words[off]} guests are powered off"
    says "$readme" "${words[$(json out '$.templates')]} rows are templates"
    says "$readme" "${words[$(grep -c '^rds[0-9]' "$inventory")]} terminal servers"
    says "$readme" "one cluster, \`$(json out '$.clusters[0].name')\`"
    must "$(json out '$.clusters[1].name')" = ""
    # Names of guests that have no role of their own, and columns that are filled for some only.
    for name in sql02 rds05; do
        says "$readme" "\`$name\`"
        must "$(sqlite3 :memory: '.mode csv' ".import $inventory g" \
            "SELECT role = '' FROM g WHERE name = '$name'")" = 1
    done
    for column in role cpu_mhz_avg cpu_mhz_p95 memory_active_mib; do
        says "$readme" "\`$column\`"
        must "$(sqlite3 :memory: '.mode csv' ".import $inventory g" \
            "SELECT count(*) BETWEEN 5 AND 40 FROM g WHERE $column <> ''")" = 1
    done
}

@test "examples: the guests of scenario fare as its README says" {
    readme=$top_srcdir/examples/scenario/README.md
    call simulate "$top_srcdir/examples/scenario/overcommit.yaml" --json -q
    must "$status" -eq 0
    cat > query.sql << 'SQL'
CREATE TABLE run AS SELECT json_extract(value, '$.policy') AS policy, value AS run
    FROM json_each(readfile('out'), '$.runs');
CREATE TABLE guest AS SELECT policy, json_extract(value, '$.refused') AS refused,
    json_extract(value, '$.memory_mib.end.granted') AS granted,
    json_extract(value, '$.memory_mib.end.consumed') AS consumed,
    json_extract(value, '$.memory_mib.end.demand') AS demand,
    json_extract(value, '$.memory_mib.end.assigned') AS assigned,
    json_extract(value, '$.memory_mib.end.swapped') AS swapped,
    json_extract(value, '$.slowdown.p95') AS slowdown
    FROM run, json_each(run, '$.guests');
SQL
    ask() {
        sqlite3 -noheader -list :memory: '.read query.sql' "$1"
    }
    guests=$(ask "SELECT count(*) FROM guest WHERE policy = 'static'")
    size_gib=$(ask "SELECT max(granted) / 1024 FROM guest WHERE policy = 'overcommit'")
    host_gib=$(sed -nE 's/^  memory_mib: ([0-9]+)$/\1/p' \
        "$top_srcdir/examples/scenario/overcommit.yaml")
    must "$(ask "SELECT count(*) FROM guest WHERE policy = 'overcommit' AND granted <> 2048")" -eq 0
    says "$readme" "# One host, ${words[guests]} guests"
    says "$readme" "${words[guests]} guests of ${size_gib%.*} GiB are $((guests * ${size_gib%.*})) GiB, the host has $((host_gib / 1024))."
    says "$readme" "answers for ${words[$(ask 'SELECT count(*) FROM run')]} platforms"
    refused=$(ask "SELECT sum(refused) FROM guest WHERE policy = 'static'")
    says "$readme" "${words[guests - refused]} start and ${words[refused]} are refused"
    # Overcommit: all start, what nobody uses costs nothing, and nobody notices.
    must "$(ask "SELECT sum(refused), sum(swapped) FROM guest WHERE policy = 'overcommit'")" = "0|0.0"
    must "$(ask "SELECT sum(consumed) < sum(granted) * 0.75 FROM guest WHERE policy = 'overcommit'")" = 1
    must "$(ask "SELECT max(slowdown) < 0.005 FROM guest WHERE policy = 'overcommit'")" = 1
    # By demand: all start, each with what it needs and a fifth more.
    must "$(ask "SELECT sum(refused) FROM guest WHERE policy = 'dynamic'")" -eq 0
    must "$(ask "SELECT max(abs(assigned - 1.2 * demand)) <= 2 FROM guest WHERE policy = 'dynamic'")" = 1
    # Three ways to say what a guest asks for, and one guest of each.
    for name in app batch web01; do
        says "$readme" "\`$name\`"
        must "$(grep -cE "name: $name\$|name: $name," "$top_srcdir/examples/scenario/overcommit.yaml")" -eq 1
    done
}

@test "examples: overcommit-2008 and hyperv-2025 have the guests that their READMEs count" {
    folder=$top_srcdir/examples/overcommit-2008
    for inventory in "$folder"/inventory-*.csv; do
        call inventory "$inventory" --json
        must "$(json out '$.powered_on')" -eq 30
    done
    says "$folder/README.md" 'thirty servers of 4 GB'
    # How much of it they work on: a seventh, two sevenths.
    share() {
        awk -F, 'NR > 1 { size += $4; active += $12 } END { print size / active }' "$folder/$1"
    }
    must "$(share inventory-2008.csv | awk '{ print ($1 > 6.8 && $1 < 7.2) }')" -eq 1
    must "$(share inventory-2008-busier.csv | awk '{ print ($1 > 3.4 && $1 < 3.6) }')" -eq 1
    folder=$top_srcdir/examples/hyperv-2025
    for n in 10 11; do
        sum=$(sqlite3 :memory: '.mode csv' ".import $folder/${words[n]}-windows.csv g" \
            "SELECT sum(count) FROM g WHERE os LIKE '%Windows Server%'")
        must "$sum" -eq "$n"
    done
    says "$folder/README.md" 'ten and eleven guests of Windows'
}

# ---- doc/database.md -----------------------------------------------------------------------------

@test "database: each query of its page answers, on a database as size writes it" {
    need sqlite3
    enter_copy
    use_built
    run_command 'headroom init plan' ''
    run_command 'headroom size plan/inventory.csv --days 1 --replications 1' ''
    must "$(document_commands "$top_srcdir/doc/database.md" | grep -c '^sqlite3 ')" -ge 1
    while read -r command; do
        run_command "$command" ''
        must -s out
    done < <(document_commands "$top_srcdir/doc/database.md" | grep '^sqlite3 ')
    platform=$(sqlite3 headroom.db 'SELECT platform_id FROM platform LIMIT 1')
    # One file per block of SQL.
    document_lines "$top_srcdir/doc/database.md" |
        awk '/^sql / { print substr($0, 5) > ("query" n + 1 ".sql") } /^end$/ { n++ }'
    queries=$(find . -name 'query*.sql' | wc -l)
    must "$queries" -ge 5
    for query in query*.sql; do
        { sed "s/:study/1/; s/:platform/'$platform'/" "$query"; echo ';'; } > ask.sql
        status=0
        sqlite3 -readonly -bail headroom.db '.read ask.sql' > out 2> err || status=$?
        echo "$query:"
        must "$status" -eq 0
        must -s out
    done
}

# ---- manual pages --------------------------------------------------------------------------------

@test "manual pages: the examples of init, inventory and catalog run" {
    for page in init inventory catalog; do
        sed -nE 's/^\.Dl (headroom .*)/\1/p' "$top_srcdir/doc/headroom-$page.1" > commands
        must -s commands
        (
            enter_copy
            use_built
            cp -r "$top_srcdir/tests/fixtures/inventory/rvtools-4" RVTools_export
            while read -r command; do
                run_command "$command" ''
            done < ../commands
        )
        rm -rf root
    done
}

# ---- the checks themselves -----------------------------------------------------------------------

# shellcheck disable=SC2016
@test "documents: what is off in one is caught" {
    enter_copy
    use_built
    inventory='headroom inventory examples/smb/inventory.csv'
    printf 'Says `%s`:\n\n    templates    2\n' "$inventory" > right.md
    (run_document right.md)
    printf 'Says `%s`:\n\n    templates    3\n' "$inventory" > number.md
    # Two lines that are printed, but not one after the other.
    printf 'Says `%s`:\n\n    templates    2\n    dialect      headroom\n' "$inventory" > order.md
    printf 'Run\n\n    headroom inventory no-such.csv\n' > status.md
    printf 'Run `headroom inventory no-such.csv`.\n' > span.md
    printf 'Run `headroom inventory\nexamples/smb/inventory.csv`.\n' > broken.md
    printf 'Run `%s`.\n\n    frobnicate inventory.csv\n' "$inventory" > unknown.md
    printf 'No command at all.\n' > none.md
    printf '```sh\n%s --cluster none\n```\n' "$inventory" > fenced.md
    for document in number order status span broken unknown none fenced; do
        echo "$document.md"
        : > ran
        : > printed
        caught=0
        bash -ec '
            source "$top_srcdir/tests/cli/helper.bash"
            source "$top_srcdir/tests/cli/document.bash"
            run_document "$1"' - "$document.md" > report 2>&1 || caught=1
        must "$caught" -eq 1
    done
    # What a command names but does not write.
    status=0
    (run_command 'headroom init plan && rm plan/scenario.yaml' '') > report || status=$?
    must "$status" -ne 0
    status=0
    (run_command 'true' 'writes no-such.pdf') > report || status=$?
    must "$status" -ne 0
}
