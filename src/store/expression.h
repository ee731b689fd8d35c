/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/expression.h - an expression over named values, as "hosts * memory_gib <= 2048".
 *
 * It is an expression of SQL, evaluated by SQLite in an empty database in memory: numbers,
 * texts in 'quotes', + - * / ( ), comparisons, AND, OR, NOT, IN, abs, round, min, max. Numbers
 * are reals, so 7 / 2 is 3.5.
 * Threads: an expression belongs to one thread. Cost: about 2 us.
 */
#ifndef HR_STORE_EXPRESSION_H
#define HR_STORE_EXPRESSION_H

#include <stdbool.h>

#include <glib.h>

typedef struct hr_expression hr_expression;

struct hr_named_value {
    double number;
    const char *text; /* NULL: the number */
};

/* names ends with NULL. Fails: HR_ERROR_INPUT when it is no expression or uses another name;
 * the message says what. Returns: the caller's. */
hr_expression *hr_expression_new(const char *text, const char *const *names, GError **error);
void hr_expression_free(hr_expression *expression);

/* Is it a word of SQL, which a name is told from by "double quotes"? */
bool hr_expression_is_word(const char *name);

/* Evaluates with these values, one for each name. *holds: whether the result is true, that is
 * neither 0 nor nothing. Fails: HR_ERROR_INPUT when it cannot be evaluated. */
bool hr_expression_holds(hr_expression *expression, const struct hr_named_value *values,
                         bool *holds, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(hr_expression, hr_expression_free)

#endif
