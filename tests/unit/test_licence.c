/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "base/money.h"
#include "base/text.h"
#include "check.h"
#include "cost/licence.h"

/* ---- every rule, by hand ---- */

#define SHAPE(hosts, sockets_, cores)                                                          \
    .n_hosts = (hosts), .sockets = (sockets_), .cores_per_socket = (cores)

struct row {
    const char *rule;
    struct hr_licence_case c;
    int64_t count;
    bool is_allowed;
    const char *words; /* that the explanation contains */
};

static const uint32_t pinned[] = {7, 7, 6};
static const uint32_t one_without[] = {12, 0, 12};
static const uint32_t vcpus[] = {2, 4, 8, 12};

static const struct row rows[] = {
    {"per-core",
     {SHAPE(1, 1, 8), .terms = {.min_cores_per_socket = 16}},
     16,
     true,
     "max(16, 8 cores)"},
    {"per-core",
     {SHAPE(3, 2, 24), .terms = {.min_cores_per_socket = 16}},
     144,
     true,
     "3 hosts × 2 sockets × max(16, 24 cores) = 144 cores"},
    {"per-core",
     {SHAPE(3, 2, 8), .terms = {.min_cores_per_socket = 16}},
     96,
     true,
     "= 96 cores"},
    {"per-core",
     {SHAPE(3, 2, 17), .terms = {.min_cores_per_socket = 16}},
     102,
     true,
     "= 102 cores"},
    {"per-core", {SHAPE(3, 2, 24)}, 144, true, "3 hosts × 2 sockets × 24 cores = 144 cores"},
    {"per-core",
     {SHAPE(2, 1, 12), .terms = {.min_cores_per_socket = 16, .min_cores_per_order = 72}},
     72,
     true,
     "= 32 cores; at least 72 in one order: 72 cores"},
    {"per-core",
     {SHAPE(3, 2, 16), .terms = {.min_cores_per_socket = 16, .min_cores_per_order = 72}},
     96,
     true,
     "at least 72 in one order: 96 cores"},
    {"per-guest-core",
     {.vcpus = vcpus, .n_vcpus = 4, .terms = {.min_cores_per_guest = 8}},
     36,
     true,
     "4 guests"},
    {"per-guest-core",
     {.vcpus = vcpus,
      .n_vcpus = 1,
      .terms = {.min_cores_per_guest = 8, .min_cores_per_order = 16}},
     16,
     true,
     "1 guest "},
    {"per-socket", {SHAPE(3, 2, 16)}, 6, true, "3 hosts × 2 sockets = 6 sockets"},
    {"per-socket", {SHAPE(1, 1, 16)}, 1, true, "1 host × 1 socket = 1 socket"},
    {"per-socket",
     {SHAPE(2, 1, 16), .terms = {.min_sockets_per_host = 2}},
     4,
     true,
     "max(2, 1 socket)"},
    {"per-socket-pack",
     {SHAPE(3, 2, 16), .terms = {.sockets_per_licence = 2, .max_sockets = 6}},
     3,
     true,
     "ceil(3 hosts × 2 sockets / 2 a pack) = 3 packs"},
    {"per-socket-pack",
     {SHAPE(7, 1, 16), .terms = {.sockets_per_licence = 2, .max_sockets = 6}},
     4,
     false,
     "7 hosts × 1 socket / 2 a pack) = 4 packs"},
    {"per-processor-capped",
     {SHAPE(3, 2, 6), .terms = {.cores_per_licence = 6}},
     6,
     true,
     "= 6 lic"},
    {"per-processor-capped",
     {SHAPE(3, 2, 7), .terms = {.cores_per_licence = 6}},
     12,
     true,
     "= 12 lic"},
    {"per-processor-capped",
     {SHAPE(2, 1, 64), .terms = {.cores_per_licence = 32}},
     4,
     true,
     "= 4 lic"},
    {"per-processor-pair",
     {SHAPE(3, 2, 4)},
     3,
     true,
     "3 hosts × ceil(2 sockets / 2) = 3 licences"},
    {"per-processor-pair", {SHAPE(3, 1, 4)}, 3, true, "= 3 licences"},
    {"per-processor-pair", {SHAPE(1, 3, 4)}, 2, true, "= 2 licences"},
    {"per-guest-memory",
     {SHAPE(1, 2, 8), .guest_memory_gib = 128, .terms = {.entitlement_gib = 24}},
     6,
     true,
     "= 6 licences"},
    {"per-guest-memory",
     {SHAPE(1, 2, 8), .guest_memory_gib = 128, .terms = {.entitlement_gib = 32}},
     4,
     true,
     "= 4 licences"},
    {"per-guest-memory",
     {SHAPE(1, 2, 8), .guest_memory_gib = 128, .terms = {.entitlement_gib = 96}},
     2,
     true,
     "= 2 licences"},
    {"per-cluster", {SHAPE(3, 2, 16)}, 1, true, "1 for the cluster of 3 hosts"},
    {"per-host", {SHAPE(3, 2, 16)}, 3, true, "3 hosts"},
    {"per-host", {SHAPE(2, 2, 16), .terms = {.min_hosts = 3}}, 3, true, "at least 3: 3 hosts"},
    {"per-host", {SHAPE(4, 2, 16), .terms = {.min_hosts = 3}}, 4, true, "at least 3: 4 hosts"},
    {"kit",
     {SHAPE(3, 2, 16), .terms = {.max_hosts = 3, .max_sockets_per_host = 2}},
     1,
     true,
     "1 kit"},
    {"kit",
     {SHAPE(4, 1, 16), .terms = {.max_hosts = 3, .max_sockets_per_host = 2}},
     1,
     false,
     "1 kit"},
    {"kit",
     {SHAPE(1, 4, 16), .terms = {.max_hosts = 3, .max_sockets_per_host = 2}},
     1,
     false,
     "1 kit"},
    {"per-socket-small-site",
     {SHAPE(4, 2, 8), .n_guests = 50, .terms = {.max_sockets = 6, .max_guests = 50}},
     8,
     true,
     "50"},
    {"per-socket-small-site",
     {SHAPE(4, 2, 8), .n_guests = 51, .terms = {.max_sockets = 6, .max_guests = 50}},
     8,
     false,
     "50"},
    {"per-socket-small-site",
     {SHAPE(3, 2, 8), .n_guests = 51, .terms = {.max_sockets = 6, .max_guests = 50}},
     6,
     true,
     "50"},
    {"per-guest-pack",
     {.n_guests = 50, .terms = {.guests_per_licence = 5, .max_guests = 50}},
     10,
     true,
     "10 packs"},
    {"per-guest-pack",
     {.n_guests = 51, .terms = {.guests_per_licence = 5, .max_guests = 50}},
     11,
     false,
     "11"},
    {"windows-core-standard", {SHAPE(1, 2, 6), .n_guests = 2}, 16, true, "= 16 cores a set"},
    {"windows-core-standard", {SHAPE(1, 1, 4), .n_guests = 1}, 16, true, "= 16 cores a set"},
    {"windows-core-standard", {SHAPE(1, 4, 4), .n_guests = 4}, 64, true, "= 32 cores a set"},
    {"windows-core-standard", {SHAPE(1, 2, 10), .n_guests = 5}, 60, true, "3 sets = 60 cores"},
    {"windows-core-standard",
     {SHAPE(3, 2, 12), .n_guests = 20, .guests_max = pinned},
     264,
     true,
     "up to 6 to 7 guests each"},
    {"windows-core-standard",
     {SHAPE(3, 2, 12), .n_guests = 20, .guests_max = one_without},
     288,
     true,
     "0 to 12 guests"},
    {"windows-core-standard",
     {SHAPE(3, 2, 12), .n_guests = 20, .guests_max = one_without, .hosts_run_windows = true},
     312,
     true,
     "one for the host itself"},
    {"windows-core-standard",
     {SHAPE(3, 2, 12), .hosts_run_windows = true},
     72,
     true,
     "0 guests"},
    {"windows-core-standard", {SHAPE(3, 2, 12)}, 0, true, "0 sets"},
    {"windows-core-datacenter", {SHAPE(3, 2, 12), .n_guests = 20}, 72, true, "= 72 cores"},
    {"windows-core-datacenter",
     {SHAPE(3, 2, 12), .n_guests = 20, .guests_max = one_without},
     48,
     true,
     "2 hosts"},
    {"windows-core-datacenter",
     {SHAPE(3, 2, 12), .n_guests = 20, .guests_max = one_without, .hosts_run_windows = true},
     72,
     true,
     "3 hosts"},
    {"windows-core-datacenter", {SHAPE(1, 1, 4), .n_guests = 90}, 16, true, "= 16 cores"},
    {"windows-pair-standard", {SHAPE(1, 2, 8), .n_guests = 5}, 3, true, "= 3 licences"},
    {"windows-pair-standard", {SHAPE(1, 4, 8), .n_guests = 5}, 6, true, "= 6 licences"},
    {"windows-guest",
     {SHAPE(1, 2, 8), .n_guests = 5, .terms = {.guests_per_licence = 1}},
     5,
     true,
     "5"},
    {"windows-guest",
     {SHAPE(1, 2, 8), .n_guests = 5, .terms = {.guests_per_licence = 4}},
     2,
     true,
     "2"},
    {"windows-guest",
     {SHAPE(3, 2, 8), .n_guests = 20, .guests_max = pinned, .terms = {.guests_per_licence = 4}},
     6,
     true,
     "6 to 7 guests"},
};

static void counts_and_explains(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct row *row = &rows[i];
        const struct hr_licence_rule *rule = hr_licence_rule_find(row->rule);
        assert_non_null(rule);
        g_autofree char *words = rule->explain(&row->c);
        if (rule->count(&row->c) != row->count || strstr(words, row->words) == NULL) {
            fail_msg("row %zu, %s: %lld, expected %lld; \"%s\", expected \"%s\" in it", i,
                     row->rule, (long long)rule->count(&row->c), (long long)row->count, words,
                     row->words);
        }
        assert_int_equal(rule->is_allowed == NULL || rule->is_allowed(&row->c),
                         row->is_allowed);
    }
}

/* No rule is listed that no row tests, and no name stands twice. */
static void all_rules_are_tested(void **state)
{
    (void)state;
    for (size_t i = 0; i < hr_licence_rule_count(); i++) {
        const struct hr_licence_rule *rule = hr_licence_rule_at(i);
        assert_ptr_equal(hr_licence_rule_find(rule->name), rule);
        size_t n = 0;
        for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
            n += strcmp(rows[k].rule, rule->name) == 0 ? 1U : 0U;
        }
        if (n == 0) {
            fail_msg("no row for rule %s", rule->name);
        }
    }
    assert_null(hr_licence_rule_find("per-phase-of-the-moon"));
}

static void kinds_of_the_catalogue_have_rules(void **state)
{
    (void)state;
    static const char *const names[HR_LICENCE__COUNT] = {
        [HR_LICENCE_PER_CORE] = "per-core",
        [HR_LICENCE_PER_SOCKET] = "per-socket",
        [HR_LICENCE_PER_HOST] = "per-host",
        [HR_LICENCE_PER_CLUSTER] = "per-cluster",
        [HR_LICENCE_PER_PROCESSOR_PAIR] = "per-processor-pair",
        [HR_LICENCE_PER_PROCESSOR_CAPPED] = "per-processor-capped",
        [HR_LICENCE_WINDOWS_CORE] = "windows-core-standard",
        [HR_LICENCE_PER_GUEST_CORE] = "per-guest-core",
        [HR_LICENCE_PER_GUEST_MEMORY] = "per-guest-memory",
        [HR_LICENCE_PER_GUEST_PACK] = "per-guest-pack",
        [HR_LICENCE_PER_SOCKET_PACK] = "per-socket-pack",
        [HR_LICENCE_KIT] = "kit",
        [HR_LICENCE_SMALL_SITE] = "per-socket-small-site",
        [HR_LICENCE_AS_WINDOWS_CORE_STANDARD] = "windows-core-standard",
        [HR_LICENCE_AS_WINDOWS_CORE_DATACENTER] = "windows-core-datacenter",
        [HR_LICENCE_AS_WINDOWS_PAIR] = "windows-pair-standard",
        [HR_LICENCE_AS_WINDOWS_GUEST] = "windows-guest",
    };
    for (int kind = 0; kind < HR_LICENCE__COUNT; kind++) {
        assert_string_equal(hr_licence_rule_of((enum hr_licence_kind)kind)->name, names[kind]);
        if (kind != HR_LICENCE_WINDOWS_CORE) {
            assert_string_equal(hr_licence_kind_name((enum hr_licence_kind)kind), names[kind]);
        }
    }
}

/* Every rule can be named by a platform's file. */
static void every_rule_has_a_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < hr_licence_rule_count(); i++) {
        const struct hr_licence_rule *rule = hr_licence_rule_at(i);
        int kind = 0;
        while (kind < HR_LICENCE__COUNT &&
               hr_licence_rule_of((enum hr_licence_kind)kind) != rule) {
            kind++;
        }
        if (kind == HR_LICENCE__COUNT) {
            fail_msg("no kind of the catalogue leads to %s", rule->name);
        }
    }
}

/* ---- for which clusters a licence may be used ---- */

static void limits_forbid_what_is_beyond_them(void **state)
{
    (void)state;
    static const struct hr_licence_terms kit = {.max_hosts = 3, .max_sockets_per_host = 2};
    static const struct hr_licence_terms site = {.max_sockets = 6, .max_guests = 50};
    static const struct hr_licence_terms cores = {.max_hosts = 3, .max_cores = 96};
    static const struct {
        enum hr_licence_kind kind;
        const struct hr_licence_terms *terms;
        struct hr_licence_case c;
        const char *why; /* NULL: allowed */
    } cases[] = {
        {HR_LICENCE_KIT, &kit, {SHAPE(3, 2, 16)}, NULL},
        {HR_LICENCE_KIT, &kit, {SHAPE(4, 1, 16)}, "licence: Kit allows at most 3 hosts, not 4"},
        {HR_LICENCE_KIT,
         &kit,
         {SHAPE(1, 4, 8)},
         "licence: Kit allows at most 2 sockets of a host, not 4"},
        {HR_LICENCE_SMALL_SITE, &site, {SHAPE(3, 2, 8), .n_guests = 80}, NULL},
        {HR_LICENCE_SMALL_SITE, &site, {SHAPE(4, 2, 8), .n_guests = 50}, NULL},
        {HR_LICENCE_SMALL_SITE,
         &site,
         {SHAPE(4, 2, 8), .n_guests = 51},
         "licence: Kit is for at most 6 sockets or 50 guests, not 8 and 51"},
        {HR_LICENCE_PER_GUEST_PACK,
         &site,
         {SHAPE(3, 2, 8), .n_guests = 51},
         "licence: Kit allows at most 50 guests, not 51"},
        /* Any kind may have limits. */
        {HR_LICENCE_PER_CORE, &cores, {SHAPE(3, 2, 16)}, NULL},
        {HR_LICENCE_PER_CORE,
         &cores,
         {SHAPE(3, 2, 17)},
         "licence: Kit allows at most 96 cores, not 102"},
        {HR_LICENCE_PER_CORE,
         &cores,
         {SHAPE(4, 1, 16)},
         "licence: Kit allows at most 3 hosts, not 4"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct hr_licence licences[] = {
            {.name = "Free", .kind = HR_LICENCE_PER_HOST},
            {.name = "Kit", .kind = cases[i].kind, .terms = *cases[i].terms}};
        struct hr_platform platform = {.licences = licences, .n_licences = 2};
        char *why = NULL;
        bool is_allowed = hr_licence_allows(&platform, &cases[i].c, &why);
        assert_int_equal(is_allowed, cases[i].why == NULL);
        assert_int_equal(hr_licence_allows(&platform, &cases[i].c, NULL), is_allowed);
        if (cases[i].why != NULL) {
            assert_string_equal(why, cases[i].why);
        } else {
            assert_null(why);
        }
        g_free(why);
    }
    struct hr_platform none = {.n_licences = 0};
    assert_true(hr_licence_allows(&none, &cases[0].c, NULL));
}

/* Of the rules by placement, the least is that of the best placement; of others it is the
 * count. */
static void the_least_is_no_more_than_any_placement(void **state)
{
    (void)state;
    static const uint32_t placements[][3] = {{7, 7, 6}, {20, 0, 0}, {8, 8, 4}, {20, 20, 20}};
    for (size_t i = 0; i < hr_licence_rule_count(); i++) {
        const struct hr_licence_rule *rule = hr_licence_rule_at(i);
        for (int windows = 0; windows <= 1; windows++) {
            struct hr_licence_case c = {SHAPE(3, 2, 12), .n_guests = 20,
                                        .hosts_run_windows = windows == 1,
                                        .terms = {.guests_per_licence = 4}};
            int64_t least = hr_licence_least(rule, &c);
            int64_t reached = INT64_MAX;
            for (size_t p = 0; p < G_N_ELEMENTS(placements); p++) {
                c.guests_max = placements[p];
                reached = MIN(reached, rule->count(&c));
                assert_true(least <= rule->count(&c));
            }
            assert_int_equal(least, reached);
        }
    }
}

/* ---- packs: against all combinations ---- */

static hr_decimal cheapest_of_all(int64_t cores, hr_decimal large, hr_decimal small)
{
    hr_decimal best = INT64_MAX;
    for (int64_t n = 0; n <= cores / 16 + 1; n++) {
        int64_t rest = cores - 16 * n > 0 ? cores - 16 * n : 0;
        hr_decimal price = n * large + (rest + 1) / 2 * small;
        best = price < best ? price : best;
    }
    return best;
}

static void packs_are_the_cheapest(void **state)
{
    (void)state;
    static const struct {
        hr_decimal large, small;
    } books[] = {
        {1176, 147}, {6771, 847},  {882, 111}, {800, 99},
        {1000, 300}, {1000, 1000}, {0, 0},     {7, 0},
    };
    for (size_t b = 0; b < G_N_ELEMENTS(books); b++) {
        for (int64_t cores = 0; cores <= 300; cores++) {
            struct hr_licence_packs packs =
                hr_licence_cheapest_packs(cores, books[b].large, books[b].small);
            assert_true(packs.n_16core * 16 + packs.n_2core * 2 >= cores);
            assert_int_equal(packs.n_16core * books[b].large + packs.n_2core * books[b].small,
                             cheapest_of_all(cores, books[b].large, books[b].small));
        }
    }
    struct hr_licence_packs large_only = hr_licence_cheapest_packs(72, 6771, -1);
    assert_int_equal(large_only.n_16core, 5);
    assert_int_equal(large_only.n_2core, 0);
}

/* ---- the least of Windows: against all placements ---- */

/* Over all worst cases (a, b, d) of three hosts that can hold the n guests between them. */
static void windows_least_is_reached_and_never_undercut(void **state)
{
    (void)state;
    const struct hr_licence_rule *standard = hr_licence_rule_find("windows-core-standard");
    const struct hr_licence_rule *datacenter = hr_licence_rule_find("windows-core-datacenter");
    for (uint32_t n = 0; n <= 9; n++) {
        for (int host_licence = 0; host_licence <= 1; host_licence++) {
            int64_t least_standard = INT64_MAX;
            int64_t least_datacenter = INT64_MAX;
            uint32_t most[3];
            struct hr_licence_case c = {
                SHAPE(3, 2, 12),
                .n_guests = n,
                .guests_max = most,
                .hosts_run_windows = host_licence == 1,
            };
            for (uint32_t code = 0; code < 1000; code++) {
                most[0] = code % 10;
                most[1] = code / 10 % 10;
                most[2] = code / 100;
                if (most[0] + most[1] + most[2] < n) {
                    continue;
                }
                int64_t s = standard->count(&c);
                int64_t d = datacenter->count(&c);
                least_standard = s < least_standard ? s : least_standard;
                least_datacenter = d < least_datacenter ? d : least_datacenter;
            }
            assert_int_equal(hr_licence_windows_least_standard(&c), least_standard);
            assert_int_equal(hr_licence_windows_least_datacenter(&c), least_datacenter);
        }
    }
}

static void perpetual_licences(void **state)
{
    (void)state;
    assert_near(hr_licence_perpetual_units(6, 0.2, 1, 5), 6 * 1.8, 1e-12);
    assert_near(hr_licence_perpetual_units(6, 0.25, 0, 3), 6 * 1.75, 1e-12);
    assert_near(hr_licence_perpetual_units(6, 0.25, 3, 2), 6, 1e-12);
}

/* ---- published examples that contradict their own rule ---- */

static int64_t count_by(const char *rule, const struct hr_licence_case *c)
{
    return hr_licence_rule_find(rule)->count(c);
}

/* A page on Windows Server 2016 asks 32 cores for four guests on four processors of four cores:
 * with its own least of eight cores a processor that is one set, for two guests. */
static void a_set_of_four_small_processors_is_for_two_guests(void **state)
{
    (void)state;
    struct hr_licence_case c = {SHAPE(1, 4, 4), .n_guests = 4};
    assert_int_equal(hr_licence_windows_set_cores(4, 4), 32);
    assert_int_equal(count_by("windows-core-standard", &c), 64);
    c.n_guests = 2;
    assert_int_equal(count_by("windows-core-standard", &c), 32);
}

/* A workbook prints 60,979 for nine packs at 6,771, and lists 64 packs of two cores beside
 * them: nine packs of 16 are the 144 cores already. */
static void nine_packs_of_sixteen_need_no_packs_of_two(void **state)
{
    (void)state;
    struct hr_licence_case c = {SHAPE(3, 2, 24), .n_guests = 60};
    hr_decimal large = 6771 * HR_DECIMAL_ONE;
    int64_t cores = count_by("windows-core-datacenter", &c);
    struct hr_licence_packs packs =
        hr_licence_cheapest_packs(cores, large, 847 * HR_DECIMAL_ONE);
    assert_int_equal(cores, 144);
    assert_int_equal(packs.n_16core, 9);
    assert_int_equal(packs.n_2core, 0);
    assert_int_equal(hr_money_cents(packs.n_16core * HR_DECIMAL_ONE, large), 6093900);
}

/* Weblogs write of 72 cores a processor: the least order of 72 is for all hosts together, the
 * least of a processor is 16. */
static void the_least_order_is_one_for_all_processors(void **state)
{
    (void)state;
    struct hr_licence_terms terms = {.min_cores_per_socket = 16, .min_cores_per_order = 72};
    struct hr_licence_case c = {SHAPE(3, 2, 8), .terms = terms};
    assert_int_equal(count_by("per-core", &c), 96);
    c.n_hosts = 1;
    assert_int_equal(count_by("per-core", &c), 72);
    c.terms.min_cores_per_order = 0;
    assert_int_equal(count_by("per-core", &c), 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_explains),
        cmocka_unit_test(all_rules_are_tested),
        cmocka_unit_test(kinds_of_the_catalogue_have_rules),
        cmocka_unit_test(every_rule_has_a_kind),
        cmocka_unit_test(limits_forbid_what_is_beyond_them),
        cmocka_unit_test(the_least_is_no_more_than_any_placement),
        cmocka_unit_test(packs_are_the_cheapest),
        cmocka_unit_test(windows_least_is_reached_and_never_undercut),
        cmocka_unit_test(perpetual_licences),
        cmocka_unit_test(a_set_of_four_small_processors_is_for_two_guests),
        cmocka_unit_test(nine_packs_of_sixteen_need_no_packs_of_two),
        cmocka_unit_test(the_least_order_is_one_for_all_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
