/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "validate/judge.h"

#include <math.h>

#include "validate/path.h"

/* The document has six decimals: what differs less is equal. */
static const double ROUNDING = 1e-6;

void hr_verdict_clear(struct hr_verdict *verdict)
{
    g_free(verdict->what);
    g_free(verdict->unit);
}

struct judging {
    const struct hr_case *of;
    const struct hr_expectation *expectation;
    const json_t *document;
    hr_diag *diag;
};

static bool fail(const struct judging *j, const struct hr_operand *operand, const char *path,
                 const char *why)
{
    hr_node_fail(j->of->tree, operand->node, j->diag, "no such value", "'%s': %s", path, why);
    return false;
}

/* Those whose member where is true. */
static bool count(const struct judging *j, const struct hr_operand *operand,
                  const GPtrArray *found, double *out)
{
    const char *where = j->expectation->where;
    *out = 0.0;
    for (guint i = 0; i < found->len; i++) {
        bool counts = true;
        if (where != NULL) {
            g_autoptr(GPtrArray) member = g_ptr_array_new();
            g_autofree char *why = NULL;
            if (!hr_path_collect(g_ptr_array_index(found, i), where, member, &why)) {
                return fail(j, operand, where, why);
            }
            const json_t *value = g_ptr_array_index(member, 0);
            if (member->len != 1 || !json_is_boolean(value)) {
                return fail(j, operand, where,
                            "no truth value: 'where' counts those that are "
                            "true");
            }
            counts = json_is_true(value);
        }
        *out += counts ? 1.0 : 0.0;
    }
    return true;
}

static void fold_in(enum hr_fold fold, guint i, double value, double *out)
{
    if (i == 0) {
        *out = value;
    } else if (fold == HR_FOLD_MIN) {
        *out = fmin(*out, value);
    } else if (fold == HR_FOLD_MAX) {
        *out = fmax(*out, value);
    } else {
        *out += value;
    }
}

/* The number an operand stands for. What is counted is the value alone: its companions are
 * numbers then. */
static bool evaluate(const struct judging *j, const struct hr_operand *operand, double *out)
{
    if (operand->path == NULL) {
        *out = operand->number;
        return true;
    }
    enum hr_fold fold = j->expectation->fold;
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autofree char *why = NULL;
    if (!hr_path_collect(j->document, operand->path, found, &why)) {
        return fail(j, operand, operand->path, why);
    }
    if (fold == HR_FOLD_COUNT && operand == &j->expectation->value) {
        return count(j, operand, found, out);
    }
    if (found->len > 1 && (fold == HR_FOLD_NONE || fold == HR_FOLD_COUNT)) {
        return fail(j, operand, operand->path,
                    "several values, of which 'fold' could make one");
    }
    for (guint i = 0; i < found->len; i++) {
        double value = 0.0;
        if (!hr_path_number(g_ptr_array_index(found, i), &value)) {
            return fail(j, operand, operand->path, "neither a number nor a truth value");
        }
        fold_in(fold, i, value, out);
    }
    if (fold == HR_FOLD_MEAN) {
        *out /= found->len;
    }
    return true;
}

/* (value − minus) / over · times. */
static bool simulated(const struct judging *j, double *out)
{
    const struct hr_expectation *e = j->expectation;
    double minus = 0.0;
    double over = 1.0;
    double times = 1.0;
    if (!evaluate(j, &e->value, out) ||
        (e->minus.node != NULL && !evaluate(j, &e->minus, &minus)) ||
        (e->over.node != NULL && !evaluate(j, &e->over, &over)) ||
        (e->times.node != NULL && !evaluate(j, &e->times, &times))) {
        return false;
    }
    if (fabs(over) <= 0.0) {
        return fail(j, &e->over, e->over.path != NULL ? e->over.path : "over",
                    "is zero, and nothing can be divided by it");
    }
    *out = (*out - minus) / over * times;
    return true;
}

static bool relation_holds(enum hr_relation relation, double value, double than)
{
    switch (relation) {
    case HR_AT_MOST:
        return value <= than + ROUNDING;
    case HR_AT_LEAST:
        return value >= than - ROUNDING;
    case HR_LESS_THAN:
        return value < than - ROUNDING;
    case HR_MORE_THAN:
        return value > than + ROUNDING;
    case HR_EQUAL_TO:
        return fabs(value - than) <= ROUNDING;
    case HR_RELATION__COUNT:
        break;
    }
    return false;
}

bool hr_judge(const struct hr_case *of, const struct hr_expectation *expectation,
              const json_t *document, struct hr_verdict *out, hr_diag *diag)
{
    struct judging j = {
        .of = of, .expectation = expectation, .document = document, .diag = diag};
    double value = 0.0;
    double than = 0.0;
    if (!simulated(&j, &value) ||
        (expectation->is_relation && !evaluate(&j, &expectation->than, &than))) {
        return false;
    }
    bool holds = expectation->is_relation ? relation_holds(expectation->relation, value, than)
                                          : fabs(value - expectation->published) <=
                                                expectation->tolerance + ROUNDING;
    *out = (struct hr_verdict){.of = of,
                               .what = g_strdup(expectation->what),
                               .unit = g_strdup(expectation->unit),
                               .evidence = expectation->evidence,
                               .is_relation = expectation->is_relation,
                               .relation = expectation->relation,
                               .than = than,
                               .published = expectation->published,
                               .tolerance = expectation->tolerance,
                               .simulated = value,
                               .holds = holds};
    return true;
}
