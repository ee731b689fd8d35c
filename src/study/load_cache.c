/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "study/load_cache.h"

#include <pthread.h>

#include "base/units.h"
#include "run/run.h"

struct hr_cached_load {
    char *key; /* with the replication; NULL: shared with nobody */
    struct hr_load *load;
    size_t n_bytes;
    int n_users;
    bool is_made;
    GList link; /* in the order of last use */
};

struct hr_load_cache {
    pthread_mutex_t lock;
    pthread_cond_t made;
    GHashTable *by_key; /* hr_cached_load */
    GQueue unused;      /* those without users, the longest unused first */
    size_t n_bytes, most_bytes;
};

hr_load_cache *hr_load_cache_new(size_t most_bytes)
{
    hr_load_cache *cache = g_new0(hr_load_cache, 1);
    (void)pthread_mutex_init(&cache->lock, NULL);
    (void)pthread_cond_init(&cache->made, NULL);
    cache->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    g_queue_init(&cache->unused);
    cache->most_bytes = most_bytes;
    return cache;
}

static void free_cached(hr_cached_load *cached)
{
    hr_load_free(cached->load);
    g_free(cached->key);
    g_free(cached);
}

/* Requires: it stands in the queue of those without users. */
static void drop(hr_load_cache *cache, hr_cached_load *cached)
{
    g_queue_unlink(&cache->unused, &cached->link);
    g_hash_table_remove(cache->by_key, cached->key);
    cache->n_bytes -= cached->n_bytes;
    free_cached(cached);
}

void hr_load_cache_free(hr_load_cache *cache)
{
    if (cache == NULL) {
        return;
    }
    while (cache->unused.head != NULL) {
        drop(cache, cache->unused.head->data);
    }
    g_hash_table_destroy(cache->by_key);
    pthread_cond_destroy(&cache->made);
    pthread_mutex_destroy(&cache->lock);
    g_free(cache);
}

/* The Monday on which sizing begins too. */
static struct hr_load_params params_of(const struct hr_scenario *scenario, uint32_t replication)
{
    return (struct hr_load_params){.seed = scenario->seed,
                                   .replication = replication,
                                   .step_us = hr_s_to_us(scenario->step_s),
                                   .n_steps = hr_run_steps(scenario),
                                   .start_weekday = 0,
                                   .start_day_of_month = 31,
                                   .start_month = 8,
                                   .start_year = 2026,
                                   .demand_factor = scenario->demand_factor};
}

char *hr_load_cache_key(const struct hr_scenario *scenario, const struct hr_load_guest *guests)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const struct hr_guests *all = scenario->guests;
    double frame[] = {scenario->step_s, scenario->demand_factor, hr_run_steps(scenario)};
    g_checksum_update(sum, (const guchar *)&scenario->seed, sizeof scenario->seed);
    g_checksum_update(sum, (const guchar *)frame, sizeof frame);
    for (uint32_t g = 0; g < all->n_running; g++) {
        const struct hr_load_guest *guest = &guests[g];
        if (all->items[g].n_demand > 0 || all->items[g].has_own_behaviour) {
            return NULL;
        }
        uint64_t keys[] = {guest->key, guest->site_key};
        double numbers[] = {guest->size_mib,
                            guest->vcpus,
                            guest->vcpu_mhz,
                            guest->cpu_mhz_avg,
                            guest->cpu_mhz_p95,
                            guest->memory_active_mib,
                            guest->memory_consumed_mib,
                            guest->iops,
                            guest->commit_cap_mib};
        g_checksum_update(sum, (const guchar *)keys, sizeof keys);
        g_checksum_update(sum, (const guchar *)numbers, sizeof numbers);
        g_checksum_update(sum, (const guchar *)guest->role->id, -1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

static struct hr_load *make(const struct hr_scenario *scenario,
                            const struct hr_load_guest *guests, uint32_t replication)
{
    struct hr_load_params params = params_of(scenario, replication);
    struct hr_load *load = hr_load_make(guests, scenario->guests->n_running, &params);
    hr_guests_demand_by_hand(scenario->guests, load);
    return load;
}

/* Requires: the lock. Waits for whoever makes it. Returns: NULL where nobody has. */
static hr_cached_load *find(hr_load_cache *cache, const char *key)
{
    hr_cached_load *cached = g_hash_table_lookup(cache->by_key, key);
    if (cached == NULL) {
        return NULL;
    }
    if (cached->n_users++ == 0) {
        g_queue_unlink(&cache->unused, &cached->link);
    }
    while (!cached->is_made) {
        pthread_cond_wait(&cache->made, &cache->lock);
    }
    return cached;
}

hr_cached_load *hr_load_cache_take(hr_load_cache *cache, const char *key,
                                   const struct hr_scenario *scenario,
                                   const struct hr_load_guest *guests, uint32_t replication)
{
    hr_cached_load *cached = NULL;
    if (key == NULL) {
        cached = g_new0(hr_cached_load, 1);
        cached->load = make(scenario, guests, replication);
        return cached;
    }
    g_autofree char *full = g_strdup_printf("%s %u", key, replication);
    pthread_mutex_lock(&cache->lock);
    cached = find(cache, full);
    if (cached == NULL) {
        cached = g_new0(hr_cached_load, 1);
        cached->key = g_steal_pointer(&full);
        cached->n_users = 1;
        cached->link.data = cached;
        cached->n_bytes = hr_load_bytes(scenario->guests->n_running, hr_run_steps(scenario));
        g_hash_table_insert(cache->by_key, cached->key, cached);
        cache->n_bytes += cached->n_bytes;
        pthread_mutex_unlock(&cache->lock);
        struct hr_load *load = make(scenario, guests, replication);
        pthread_mutex_lock(&cache->lock);
        cached->load = load;
        cached->is_made = true;
        pthread_cond_broadcast(&cache->made);
    }
    pthread_mutex_unlock(&cache->lock);
    return cached;
}

const struct hr_load *hr_cached_load_get(const hr_cached_load *cached)
{
    return cached->load;
}

void hr_load_cache_release(hr_load_cache *cache, hr_cached_load *cached)
{
    if (cached->key == NULL) {
        free_cached(cached);
        return;
    }
    pthread_mutex_lock(&cache->lock);
    if (--cached->n_users == 0) {
        g_queue_push_tail_link(&cache->unused, &cached->link);
    }
    while (cache->n_bytes > cache->most_bytes && cache->unused.head != NULL) {
        drop(cache, cache->unused.head->data);
    }
    pthread_mutex_unlock(&cache->lock);
}
