/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/change.h"

#include <math.h>
#include <string.h>

#include "study/change_parts.h"

double hr_swing_share(const struct hr_swing *swing)
{
    /* From a fifth less to a fifth more is 0.4 of it. */
    return swing->base_cents > 0 ? fabs((double)(swing->high_cents - swing->low_cents)) / 0.4 /
                                       (double)swing->base_cents
                                 : 0.0;
}

static struct hr_searched searched(const struct hr_search *searches,
                                   const struct hr_size_answer *answer)
{
    const struct hr_search *search = searches;
    while (strcmp(search->platform->id, answer->platform->id) != 0) {
        search++;
    }
    return (struct hr_searched){.search = search, .answer = answer};
}

bool hr_find_changes(const struct hr_search *searches, struct hr_size_result *result,
                     GError **error)
{
    g_autoptr(GArray) flips = g_array_new(FALSE, FALSE, sizeof(struct hr_flip));
    g_autoptr(GArray) swings = g_array_new(FALSE, FALSE, sizeof(struct hr_swing));
    g_autoptr(GArray) cliffs = g_array_new(FALSE, FALSE, sizeof(struct hr_cliff));
    struct hr_searched both[2];
    uint32_t n_feasible = 0;
    for (uint32_t p = 0; p < result->n_answers && result->answers[p].feasible; p++) {
        struct hr_searched one = searched(searches, &result->answers[p]);
        hr_find_swings(&one, swings);
        hr_find_cliffs(&one, cliffs);
        if (n_feasible < 2) {
            both[n_feasible] = one;
        }
        n_feasible++;
    }
    bool ok = true;
    if (n_feasible >= 2) {
        hr_find_price_flips(&both[0], &both[1], flips);
        ok = !both[0].search->options->search_growth ||
             hr_find_growth_flip(&both[0], &both[1], flips, error);
    }
    struct hr_changes *out = &result->changes;
    out->flips = (struct hr_flip *)(void *)g_array_steal(flips, &out->n_flips);
    out->swings = (struct hr_swing *)(void *)g_array_steal(swings, &out->n_swings);
    out->cliffs = (struct hr_cliff *)(void *)g_array_steal(cliffs, &out->n_cliffs);
    return ok;
}

void hr_changes_clear(struct hr_changes *changes)
{
    for (size_t i = 0; i < changes->n_flips; i++) {
        g_free(changes->flips[i].what);
        g_free(changes->flips[i].unit);
        g_free(changes->flips[i].text);
    }
    for (size_t i = 0; i < changes->n_swings; i++) {
        struct hr_swing *swing = &changes->swings[i];
        g_free(swing->input);
        g_free(swing->name);
        g_free(swing->unit);
        g_free(swing->status);
        g_free(swing->source);
    }
    for (size_t i = 0; i < changes->n_cliffs; i++) {
        g_free(changes->cliffs[i].text);
    }
    g_free(changes->flips);
    g_free(changes->swings);
    g_free(changes->cliffs);
    *changes = (struct hr_changes){0};
}
