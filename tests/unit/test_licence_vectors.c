/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Licence rules against published and derived vectors: one row of a table per cluster. */
#include <string.h>

#include <glib.h>

#include "base/money.h"
#include "base/text.h"
#include "check.h"
#include "cost/licence.h"

enum { N_FIELDS = 10, HOSTS_MAX = 8, GUESTS_MAX = 64 };
enum field { RULE, HOSTS, SOCKETS, CORES, GUESTS, VCPUS, PARAMETER, EXPECTED, UNIT, ORIGIN };

struct vector {
    char *field[N_FIELDS];
    struct hr_licence_case c;
    uint32_t guests_max[HOSTS_MAX];
    uint32_t vcpus[GUESTS_MAX];
};

/* Splits a line of RFC 4180 in place. */
static int split(char *line, char **field)
{
    int n = 0;
    char *in = line;
    while (n < N_FIELDS) {
        char *out = in;
        field[n++] = out;
        bool quoted = *in == '"';
        in += quoted ? 1 : 0;
        while (*in != '\0' && (quoted || *in != ',')) {
            if (quoted && *in == '"') {
                if (in[1] != '"') {
                    quoted = false;
                    in++;
                    continue;
                }
                in++;
            }
            *out++ = *in++;
        }
        bool more = *in == ',';
        in++;
        *out = '\0';
        if (!more) {
            break;
        }
    }
    return n;
}

/* key=value of the parameter column; 0 when absent. */
static double parameter(const struct vector *v, const char *key)
{
    double value = 0.0;
    g_auto(GStrv) pairs = g_strsplit(v->field[PARAMETER], ";", -1);
    for (size_t i = 0; pairs[i] != NULL; i++) {
        char *equals = strchr(pairs[i], '=');
        assert_non_null(equals);
        *equals = '\0';
        if (strcmp(pairs[i], key) == 0) {
            assert_true(hr_parse_double(equals + 1, &value));
        }
    }
    return value;
}

static size_t read_list(const char *text, uint32_t *out, size_t most)
{
    if (text[0] == '\0') {
        return 0;
    }
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    size_t n = 0;
    for (; parts[n] != NULL; n++) {
        assert_true(n < most);
        int64_t value = 0;
        assert_true(hr_parse_int(parts[n], 0, 1000000, &value));
        out[n] = (uint32_t)value;
    }
    return n;
}

static void read_case(struct vector *v)
{
    struct hr_licence_case *c = &v->c;
    c->n_hosts = atoi(v->field[HOSTS]);
    c->sockets = atoi(v->field[SOCKETS]);
    c->cores_per_socket = atoi(v->field[CORES]);
    assert_true(c->n_hosts <= HOSTS_MAX);
    size_t n_numbers = read_list(v->field[GUESTS], v->guests_max, HOSTS_MAX);
    if (n_numbers == 1) {
        c->n_guests = v->guests_max[0];
    } else if (n_numbers > 1) {
        assert_int_equal(n_numbers, c->n_hosts);
        c->guests_max = v->guests_max;
        for (size_t i = 0; i < n_numbers; i++) {
            c->n_guests += v->guests_max[i];
        }
    }
    /* Guests spread evenly over the hosts that remain are the worst case of each. */
    int spare = (int)parameter(v, "spare");
    if (spare > 0) {
        uint32_t left = (uint32_t)(c->n_hosts - spare);
        for (int i = 0; i < c->n_hosts; i++) {
            v->guests_max[i] = (c->n_guests + left - 1) / left;
        }
        c->guests_max = v->guests_max;
    }
    c->vcpus = v->vcpus;
    c->n_vcpus = read_list(v->field[VCPUS], v->vcpus, GUESTS_MAX);
    c->guest_memory_gib = parameter(v, "vram_gb");
}

static double count_of(const struct hr_licence_rule *rule, const struct vector *v)
{
    return (double)rule->count(&v->c);
}

static double is_allowed(const struct hr_licence_rule *rule, const struct vector *v)
{
    return rule->is_allowed == NULL || rule->is_allowed(&v->c) ? 1.0 : 0.0;
}

static double year_by_month(const struct hr_licence_rule *rule, const struct vector *v)
{
    return (double)rule->count(&v->c) * 12.0 * parameter(v, "price_core_month");
}

static double price_of_packs(const struct hr_licence_rule *rule, const struct vector *v)
{
    hr_decimal price = hr_decimal_from_double(parameter(v, "price_pack16core"));
    struct hr_licence_packs packs = hr_licence_cheapest_packs(rule->count(&v->c), price, -1);
    return (double)hr_money_cents(packs.n_16core * HR_DECIMAL_ONE, price) / 100.0;
}

static double price_of_perpetual(const struct hr_licence_rule *rule, const struct vector *v)
{
    return parameter(v, "price_socket") *
           hr_licence_perpetual_units((double)rule->count(&v->c), parameter(v, "amc"), 1,
                                      (int)parameter(v, "years"));
}

static const struct {
    const char *vector;
    const char *rule;
    double (*value)(const struct hr_licence_rule *rule, const struct vector *v);
    struct hr_licence_terms terms;
    bool hosts_run_windows;
} covered[] = {
    {"vi3-pack2proc", "per-processor-pair", count_of, {0}, false},
    {"vsphere4-processor", "per-processor-capped", count_of, {0}, false},
    {"vsphere5-vram-first", "per-guest-memory", count_of, {0}, false},
    {"vsphere5-vram-revised", "per-guest-memory", count_of, {0}, false},
    {"vsphere51-processor", "per-socket", count_of, {0}, false},
    {"vsphere7-processor", "per-processor-capped", count_of, {0}, false},
    {"broadcom-core", "per-core", count_of, {.min_cores_per_socket = 16}, false},
    {"essentials-kit-allowed",
     "kit",
     is_allowed,
     {.max_hosts = 3, .max_sockets_per_host = 2},
     false},
    {"ws2016-standard-core", "windows-core-standard", count_of, {0}, false},
    {"ws2016-standard-core-mobile", "windows-core-standard", count_of, {0}, false},
    {"ws2016-datacenter-core", "windows-core-datacenter", count_of, {0}, true},
    {"ws2016-datacenter-price", "windows-core-datacenter", price_of_packs, {0}, true},
    {"ws2012-standard-pack2proc", "windows-pair-standard", count_of, {0}, false},
    {"ws2012-datacenter-pack2proc", "per-processor-pair", count_of, {0}, false},
    {"ws2008r2-standard-each", "windows-guest", count_of, {.guests_per_licence = 1}, false},
    {"ws2008r2-enterprise-each", "windows-guest", count_of, {.guests_per_licence = 4}, false},
    {"ws2008r2-datacenter-processor",
     "per-socket",
     count_of,
     {.min_sockets_per_host = 2},
     false},
    {"ws-per-vm-core", "per-guest-core", count_of, {.min_cores_per_guest = 8}, false},
    {"azure-local-year", "per-core", year_by_month, {0}, false},
    {"azure-local-ws-year", "per-core", year_by_month, {0}, false},
    {"socket-year", "per-socket", count_of, {0}, false},
    {"vembu-essentials-allowed",
     "per-socket-small-site",
     is_allowed,
     {.max_sockets = 6, .max_guests = 50},
     false},
    {"vembu-perpetual-price", "per-socket-small-site", price_of_perpetual, {0}, false},
    {"veeam-essentials-pack5", "per-guest-pack", count_of, {.guests_per_licence = 5}, false},
    {"veeam-essentials-allowed", "per-guest-pack", is_allowed, {.max_guests = 50}, false},
};

/* Returns: whether the row's rule is known. */
static bool check_vector(struct vector *v, size_t line)
{
    for (size_t i = 0; i < G_N_ELEMENTS(covered); i++) {
        if (strcmp(covered[i].vector, v->field[RULE]) != 0) {
            continue;
        }
        read_case(v);
        v->c.terms = covered[i].terms;
        v->c.hosts_run_windows = covered[i].hosts_run_windows;
        v->c.terms.cores_per_licence = (int)parameter(v, "cap");
        v->c.terms.min_cores_per_order = (int)parameter(v, "minimum_order");
        v->c.terms.entitlement_gib = parameter(v, "entitlement_gb");
        const struct hr_licence_rule *rule = hr_licence_rule_find(covered[i].rule);
        assert_non_null(rule);
        double expected = 0.0;
        if (strcmp(v->field[UNIT], "bool") == 0) {
            expected = strcmp(v->field[EXPECTED], "true") == 0 ? 1.0 : 0.0;
        } else {
            assert_true(hr_parse_double(v->field[EXPECTED], &expected));
        }
        double value = covered[i].value(rule, v);
        if (fabs(value - expected) > 0.005) {
            fail_msg("licence-vectors.csv:%zu: %s: %.10g, expected %.10g", line, v->field[RULE],
                     value, expected);
        }
        return true;
    }
    return false;
}

/* Owner: the caller. */
static char *vectors_path(void)
{
    const char *shared = g_getenv("HR_SHARED");
    const char *top = g_getenv("top_srcdir");
    g_autofree char *beside = g_build_filename(top != NULL ? top : ".", "..", "shared", NULL);
    return g_build_filename(shared != NULL ? shared : beside, "data", "prices",
                            "licence-vectors.csv", NULL);
}

static void shared_vectors(void **state)
{
    (void)state;
    g_autofree char *path = vectors_path();
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return; /* main() has named it a skipped test */
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    assert_true(g_str_has_prefix(lines[0], "rule,hosts,sockets,cores_per_socket,guests,vcpus,"
                                           "parameter,expected,unit,origin"));
    size_t n_covered = 0;
    size_t n_not = 0;
    for (size_t i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        struct vector v = {0};
        assert_int_equal(split(lines[i], v.field), N_FIELDS);
        if (check_vector(&v, i + 1)) {
            n_covered++;
        } else {
            n_not++;
            print_message("# not covered: licence-vectors.csv:%zu: %s\n", i + 1, v.field[RULE]);
        }
    }
    print_message("# licence vectors: %zu covered, %zu not\n", n_covered, n_not);
    assert_int_equal(n_not, 0);
    assert_true(n_covered >= 48);
}

int main(void)
{
    g_autofree char *path = vectors_path();
    bool has_vectors = g_file_test(path, G_FILE_TEST_IS_REGULAR);
    const struct CMUnitTest tests[] = {
        /* The harness counts a skip by the name; cmocka's own skip() it takes for a failure. */
        {has_vectors ? "shared_vectors" : "shared_vectors # SKIP no vectors, set HR_SHARED",
         shared_vectors, NULL, NULL, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
