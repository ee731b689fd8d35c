/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths into a document, what is made of the values found, case files, and the queue that the
 * engine is judged by. */
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/error.h"
#include "check.h"
#include "validate/path.h"
#include "validate/queueing.h"
#include "validate/validate.h"

static const char document_text[] =
    "{\"runs\": [{\"name\": \"one\", \"ok\": true, \"guests\": ["
    "{\"name\": \"web-1\", \"mib\": 10, \"running\": true, \"state\": \"high\"},"
    "{\"name\": \"web-2\", \"mib\": 30, \"running\": false, \"none\": null},"
    "{\"name\": \"2\", \"mib\": 50, \"running\": true},"
    "{\"name\": \"sql\", \"mib\": 7, \"running\": true}]},"
    "{\"name\": \"two\", \"parts\": {\"hard\": 3, \"low\": 4, \"high\": 90}, \"empty\": [],"
    " \"numbers\": [5, 6]}]}";

static json_t *document_new(void)
{
    json_t *document = json_loads(document_text, 0, NULL);
    assert_non_null(document);
    return document;
}

/* ---- paths ---- */

static void paths_lead_to_values(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        double values[4];
        guint n;
    } table[] = {
        {"runs/one/guests/web-1/mib", {10}, 1},
        {"runs/0/guests/sql/mib", {7}, 1},
        {"runs/one/ok", {1}, 1},
        {"runs/one/guests/*/mib", {10, 30, 50, 7}, 4},
        {"runs/one/guests/*/running", {1, 0, 1, 1}, 4},
        {"runs/one/guests/web-*/mib", {10, 30}, 2},
        {"runs/one/guests/{sql,web-2}/mib", {7, 30}, 2},
        /* A name of digits wins over a number; 3 is no name, and so the fourth. */
        {"runs/one/guests/2/mib", {50}, 1},
        {"runs/one/guests/3/mib", {7}, 1},
        {"runs/two/parts/{hard,low}", {3, 4}, 2},
        {"runs/two/parts/h*", {3, 90}, 2},
        {"runs/two/parts/*", {3, 4, 90}, 3},
        {"runs/two/numbers/1", {6}, 1},
        {"runs/two/numbers/*", {5, 6}, 2},
    };
    json_t *document = document_new();
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GPtrArray) found = g_ptr_array_new();
        char *why = NULL;
        assert_true(hr_path_collect(document, table[i].path, found, &why));
        assert_int_equal(found->len, table[i].n);
        for (guint v = 0; v < found->len; v++) {
            double value = -1.0;
            assert_true(hr_path_number(g_ptr_array_index(found, v), &value));
            assert_near(value, table[i].values[v], 0.0);
        }
    }
    json_decref(document);
}

static void paths_that_lead_nowhere_say_so(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says;
    } table[] = {
        {"rnus/one", "no 'rnus' (there are runs)"},
        {"runs/three/ok", "no 'three' (there are one, two)"},
        {"runs/2/ok", "no '2'"},
        {"runs/-1/ok", "no '-1'"},
        {"runs/one/guests/db*/mib", "no 'db*'"},
        {"runs/one/guests/{sql,db}/mib", "no 'db'"},
        {"runs/one/guests/*/none", "no 'none'"}, /* not all have it */
        {"runs/one/ok/deeper", "nothing is below it"},
        {"runs/two/empty/*", "no '*'"},
        {"", "empty"},
        {"runs//one", "no ''"},
    };
    json_t *document = document_new();
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GPtrArray) found = g_ptr_array_new();
        g_autofree char *why = NULL;
        assert_false(hr_path_collect(document, table[i].path, found, &why));
        assert_int_equal(found->len, 0);
        if (strstr(why, table[i].says) == NULL) {
            fail_msg("%s: \"%s\" does not say \"%s\"", table[i].path, why, table[i].says);
        }
    }
    json_decref(document);
}

static void only_numbers_and_truth_are_numbers(void **state)
{
    (void)state;
    json_t *document = json_loads("[\"text\", null, [1], {\"a\": 1}]", 0, NULL);
    for (size_t i = 0; i < json_array_size(document); i++) {
        double value = 42.0;
        assert_false(hr_path_number(json_array_get(document, i), &value));
        assert_near(value, 42.0, 0.0);
    }
    json_decref(document);
}

/* ---- expectations ---- */

/* A tree whose root stands in for the node of an operand that is given. */
static hr_tree *some_tree(void)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    hr_tree *tree = hr_tree_parse("a: b\n", 5, "some.yaml", diag);
    assert_non_null(tree);
    return tree;
}

struct asked {
    const char *value, *minus, *over, *times;
    enum hr_fold fold;
    const char *where;
    double expected; /* what it comes to; NAN: it must fail */
};

static struct hr_operand operand_of(const hr_tree *tree, const char *text)
{
    char *end = NULL;
    struct hr_operand operand = {.node = text != NULL ? hr_tree_root(tree) : NULL};
    double number = text != NULL ? g_ascii_strtod(text, &end) : 0.0;
    if (text != NULL && *end == '\0') {
        operand.number = number;
    } else {
        operand.path = g_strdup(text);
    }
    return operand;
}

static void check_asked(const json_t *document, hr_tree *tree, const struct asked *asked)
{
    char what[] = "what";
    char unit[] = "MiB";
    g_autofree char *where = g_strdup(asked->where);
    struct hr_case of = {.tree = tree};
    struct hr_expectation e = {
        .node = hr_tree_root(tree),
        .what = what,
        .unit = unit,
        .value = operand_of(tree, asked->value),
        .minus = operand_of(tree, asked->minus),
        .over = operand_of(tree, asked->over),
        .times = operand_of(tree, asked->times),
        .fold = asked->fold,
        .where = where,
    };
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_verdict verdict = {0};
    bool ok = hr_judge(&of, &e, document, &verdict, diag);
    assert_int_equal(ok, !isnan(asked->expected));
    assert_int_equal(hr_diag_count(diag), ok ? 0 : 1);
    if (ok) {
        assert_near(verdict.simulated, asked->expected, 1e-12);
    }
    hr_verdict_clear(&verdict);
    g_free(e.value.path);
    g_free(e.minus.path);
    g_free(e.over.path);
    g_free(e.times.path);
}

#define GUESTS "runs/one/guests/*"
static void values_are_folded_and_combined(void **state)
{
    (void)state;
    static const struct asked table[] = {
        {.value = GUESTS "/mib", .fold = HR_FOLD_SUM, .expected = 97},
        {.value = GUESTS "/mib", .fold = HR_FOLD_MIN, .expected = 7},
        {.value = GUESTS "/mib", .fold = HR_FOLD_MAX, .expected = 50},
        {.value = GUESTS "/mib", .fold = HR_FOLD_MEAN, .expected = 24.25},
        {.value = GUESTS, .fold = HR_FOLD_COUNT, .expected = 4},
        {.value = GUESTS, .fold = HR_FOLD_COUNT, .where = "running", .expected = 3},
        {.value = GUESTS, .fold = HR_FOLD_COUNT, .where = "mib", .expected = (double)NAN},
        {.value = GUESTS, .fold = HR_FOLD_COUNT, .where = "absent", .expected = (double)NAN},
        {.value = GUESTS "/running", .fold = HR_FOLD_SUM, .expected = 3},
        {.value = GUESTS "/mib", .fold = HR_FOLD_NONE, .expected = (double)NAN},
        {.value = "runs/one/guests/web-1/state", .fold = HR_FOLD_NONE, .expected = (double)NAN},
        {.value = "runs/one/guests/sql/mib",
         .minus = "2",
         .over = "10",
         .times = "4",
         .expected = 2},
        {.value = GUESTS "/mib",
         .over = GUESTS "/running",
         .fold = HR_FOLD_SUM,
         .expected = 97.0 / 3.0},
        {.value = GUESTS, .fold = HR_FOLD_COUNT, .over = "runs/two/parts/low", .expected = 1},
        {.value = GUESTS,
         .fold = HR_FOLD_COUNT,
         .over = "runs/two/parts/*",
         .expected = (double)NAN},
        {.value = "5", .minus = "runs/two/parts/hard", .expected = 2},
        {.value = "5", .over = "0", .expected = (double)NAN},
        {.value = "5", .over = "runs/one/guests/web-2/running", .expected = (double)NAN},
        {.value = "absent", .expected = (double)NAN},
        {.value = "5", .minus = "absent", .expected = (double)NAN},
        {.value = "5", .times = "absent", .expected = (double)NAN},
    };
    json_t *document = document_new();
    hr_tree *tree = some_tree();
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        check_asked(document, tree, &table[i]);
    }
    hr_tree_free(tree);
    json_decref(document);
}

static bool compared(double value, bool is_relation, enum hr_relation relation, double other,
                     double tolerance)
{
    char text[] = "";
    hr_tree *tree = some_tree();
    struct hr_case of = {.tree = tree};
    struct hr_expectation e = {.node = hr_tree_root(tree),
                               .what = text,
                               .unit = text,
                               .value = {.node = hr_tree_root(tree), .number = value},
                               .is_relation = is_relation,
                               .relation = relation,
                               .than = {.node = hr_tree_root(tree), .number = other},
                               .published = other,
                               .tolerance = tolerance};
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_verdict verdict = {0};
    assert_true(hr_judge(&of, &e, NULL, &verdict, diag));
    hr_verdict_clear(&verdict);
    hr_tree_free(tree);
    return verdict.holds;
}

static void numbers_are_compared(void **state)
{
    (void)state;
    static const struct {
        double value, published, tolerance;
        bool holds;
    } table[] = {
        {244, 244, 0, true},
        {244.0000005, 244, 0, true},
        {244.00001, 244, 0, false},
        {247, 244, 3, true},
        {241, 244, 3, true},
        {247.001, 244, 3, false},
        {240.999, 244, 3, false},
        {(double)NAN, 244, 1e9, false},
        {(double)INFINITY, 244, 1e9, false},
        {-104.3, -104, 1, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        bool holds = compared(table[i].value, false, HR_EQUAL_TO, table[i].published,
                              table[i].tolerance);
        assert_int_equal(holds, table[i].holds);
    }
    /* By relation: holds below, at and above 5. */
    static const bool relations[HR_RELATION__COUNT][3] = {
        [HR_AT_MOST] = {true, true, false},    [HR_AT_LEAST] = {false, true, true},
        [HR_LESS_THAN] = {true, false, false}, [HR_MORE_THAN] = {false, false, true},
        [HR_EQUAL_TO] = {false, true, false},
    };
    static const double values[3] = {4.9, 5.0, 5.1};
    for (int r = 0; r < HR_RELATION__COUNT; r++) {
        for (int v = 0; v < 3; v++) {
            assert_int_equal(compared(values[v], true, (enum hr_relation)r, 5.0, 0.0),
                             relations[r][v]);
        }
        assert_false(compared((double)NAN, true, (enum hr_relation)r, 5.0, 0.0));
    }
}

/* ---- queues ---- */

/* Half the line: with one server and half its work, half of the arrivals wait, one service
 * time each. */
static void theory_and_simulation_agree(void **state)
{
    (void)state;
    struct hr_queueing queue = {.arrivals_per_s = 0.5,
                                .services_per_s = 1.0,
                                .servers = 1,
                                .customers = 100000,
                                .warm_up = 1000,
                                .seed = 1};
    assert_near(hr_queueing_theory(&queue), 1.0, 1e-12);
    double means[10];
    for (uint32_t r = 0; r < 10; r++) {
        means[r] = hr_queueing_simulate(&queue, r, 7);
    }
    double mean = 0.0;
    double half_width = 0.0;
    hr_mean_interval(means, 10, 0.999, &mean, &half_width);
    assert_true(half_width < 0.05);
    assert_near(mean, 1.0, half_width);
    /* The clock has no unit: ten times as fast, a tenth of the wait. */
    queue.arrivals_per_s *= 10.0;
    queue.services_per_s *= 10.0;
    assert_near(hr_queueing_theory(&queue), 0.1, 1e-12);
    assert_near(hr_queueing_simulate(&queue, 0, 7), means[0] / 10.0, 1e-5);
    /* The same stream gives the same, another one something else. */
    assert_near(hr_queueing_simulate(&queue, 0, 7), hr_queueing_simulate(&queue, 0, 7), 0.0);
    assert_true(fabs(hr_queueing_simulate(&queue, 1, 7) - means[0] / 10.0) > 1e-9);
    assert_true(fabs(hr_queueing_simulate(&queue, 0, 8) - means[0] / 10.0) > 1e-9);
}

/* An interval of 90 % misses about one in ten times: were it always right, or mostly wrong,
 * it would be no such interval. 200 of them: 20 misses expected, standard deviation 4.2. */
static void intervals_miss_as_often_as_they_say(void **state)
{
    (void)state;
    struct hr_queueing queue = {.arrivals_per_s = 2.0,
                                .services_per_s = 1.0,
                                .servers = 4,
                                .customers = 4000,
                                .warm_up = 400,
                                .seed = 3};
    double theory = hr_queueing_theory(&queue);
    int missed = 0;
    for (uint32_t i = 0; i < 200; i++) {
        double means[8];
        double mean = 0.0;
        double half_width = 0.0;
        for (uint32_t r = 0; r < 8; r++) {
            means[r] = hr_queueing_simulate(&queue, r, i);
        }
        hr_mean_interval(means, 8, 0.9, &mean, &half_width);
        missed += fabs(mean - theory) > half_width;
    }
    assert_in_range(missed, 5, 36);
}

static void the_interval_is_students(void **state)
{
    (void)state;
    static const double values[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    double mean = 0.0;
    double half_width = 0.0;
    hr_mean_interval(values, 5, 0.95, &mean, &half_width);
    assert_near(mean, 3.0, 1e-12);
    /* t(0.975, 4) = 2.776445, s = sqrt(2.5) */
    assert_near(half_width, 2.776445 * sqrt(2.5 / 5.0), 1e-5);
}

/* ---- case files ---- */

static int load_catalog(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    *state = hr_catalog_load(NULL, diag, NULL);
    assert_non_null(*state);
    return 0;
}

static int free_catalog(void **state)
{
    hr_catalog_free(*state);
    return 0;
}

static struct hr_case *read_case(const hr_catalog *catalog, const char *text, hr_diag *diag)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("case-XXXXXX.yaml", &path, NULL);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    struct hr_case *one = hr_case_load(path, catalog, diag, NULL);
    (void)g_unlink(path);
    return one;
}

#define HEAD "case: c\nwhat: w\nsource: s\n"
#define SCENARIO                                                                               \
    HEAD "kind: scenario\nscenario:\n  platform: vsphere\n"                                    \
         "  cluster: {hosts: 1, memory_mib: 8192, cores: 4, mhz: 2500}\n  guests: []\n"
#define QUEUE                                                                                  \
    HEAD "kind: queue\narrival_rate: [0.5, 0.6]\nservice_rate: 1\nservers: [1, 2]\n"           \
         "customers: 1000\nreplications: 5\n"

static void sound_cases_are_read(void **state)
{
    g_autoptr(hr_diag) diag = hr_diag_new();
    struct hr_case *one = read_case(*state,
                                    SCENARIO "expect:\n- {what: a, kind: exact, value: runs/0, "
                                             "published: 3, tolerance: 0.5, unit: MiB}\n"
                                             "- {what: b, kind: trend, value: 1, relation: "
                                             "less_than, than: runs/1}\n",
                                    diag);
    assert_non_null(one);
    assert_string_equal(one->name, "c");
    assert_int_equal(one->n_expectations, 2);
    assert_string_equal(one->expectations[0].value.path, "runs/0");
    assert_near(one->expectations[0].tolerance, 0.5, 0.0);
    assert_true(one->expectations[1].is_relation);
    assert_int_equal(one->expectations[1].relation, HR_LESS_THAN);
    assert_null(one->expectations[1].value.path);
    assert_non_null(one->scenario);
    hr_case_free(one);
    one = read_case(*state, QUEUE, diag);
    assert_non_null(one);
    assert_int_equal(one->queue.n_arrivals, 2);
    assert_int_equal(one->queue.n_servers, 2);
    assert_int_equal(one->queue.warm_up, 200);
    assert_int_equal(one->queue.n_together, 4);
    assert_near(one->queue.confidence, 0.95, 0.0);
    hr_case_free(one);
}

static void faults_are_found_with_their_line(void **state)
{
    static const struct {
        const char *text;
        uint32_t line;
        const char *says;
    } table[] = {
        {"kind: scenario\n", 1, "missing key 'case'"},
        {HEAD "kind: guess\n", 4, "'guess' is not one of scenario, queue"},
        {HEAD, 1, "missing key 'kind'"},
        {SCENARIO, 1, "missing key 'expect'"},
        {SCENARIO "expect: []\n", 9, "at least one"},
        {SCENARIO "expect: 5\n", 9, "at least one"},
        {SCENARIO "expect:\n- {what: a, kind: exact, published: 1, tolerance: 0}\n", 10,
         "missing key 'value'"},
        {SCENARIO "expect:\n- {what: a, kind: exact, value: x}\n", 10, "either 'published'"},
        {SCENARIO "expect:\n- {what: a, kind: exact, value: x, published: 1}\n", 10,
         "missing key 'tolerance'"},
        {SCENARIO "expect:\n- {what: a, kind: trend, value: x, relation: at_most}\n", 10,
         "missing key 'than'"},
        {SCENARIO "expect:\n- {what: a, kind: trend, value: x, relation: below, than: 1}\n", 10,
         "'below' is not one of"},
        {SCENARIO "expect:\n- {what: a, kind: exact, value: x, published: 1, tolerance: -1}\n",
         10, "outside"},
        {SCENARIO "expect:\n- {what: a, kind: exact, value: x, where: y, published: 1, "
                  "tolerance: 1}\n",
         10, "'where' belongs to"},
        {SCENARIO "expect:\n- {what: a, kind: exact, valeu: x, published: 1, tolerance: 1}\n",
         10, "did you mean 'value'"},
        {HEAD "kind: scenario\nscenario:\n  platform: none\nexpect: [{what: a}]\n", 6,
         "missing key 'cluster'"},
        {QUEUE "seeds: 3\n", 10, "did you mean 'seed'"},
        {HEAD "kind: queue\narrival_rate: 2\nservice_rate: 1\nservers: 2\ncustomers: 1000\n"
              "replications: 5\n",
         5, "is not below"},
        {HEAD "kind: queue\narrival_rate: 0.2\nservice_rate: 1\nservers: 1.5\n"
              "customers: 1000\nreplications: 5\n",
         7, "not a whole number"},
        {HEAD "kind: queue\narrival_rate: 0.2\nservice_rate: 1\nservers: 1\n"
              "customers: 1000\nreplications: 1\n",
         9, "outside"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(hr_diag) diag = hr_diag_new();
        assert_null(read_case(*state, table[i].text, diag));
        bool found = false;
        for (size_t f = 0; f < hr_diag_count(diag); f++) {
            const struct hr_finding *finding = hr_diag_get(diag, f);
            found = found || (finding->line == table[i].line &&
                              strstr(finding->text, table[i].says) != NULL);
        }
        if (!found) {
            fail_msg("fault %zu: no finding says \"%s\" at line %u", i, table[i].says,
                     table[i].line);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_to_values),
        cmocka_unit_test(paths_that_lead_nowhere_say_so),
        cmocka_unit_test(only_numbers_and_truth_are_numbers),
        cmocka_unit_test(values_are_folded_and_combined),
        cmocka_unit_test(numbers_are_compared),
        cmocka_unit_test(theory_and_simulation_agree),
        cmocka_unit_test(intervals_miss_as_often_as_they_say),
        cmocka_unit_test(the_interval_is_students),
        cmocka_unit_test_setup_teardown(sound_cases_are_read, load_catalog, free_catalog),
        cmocka_unit_test_setup_teardown(faults_are_found_with_their_line, load_catalog,
                                        free_catalog),
    };
    return cmocka_run_group_tests_name("validate", tests, NULL, NULL);
}
