/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/rng.h"

#include <stddef.h>

#include "base/error.h"

_Static_assert(sizeof(unsigned long) == 8, "gsl_rng_get() must carry 64 bits");

/* Any two odd numbers do, as long as they differ: they make the chains independent. */
static const uint64_t first_chain = UINT64_C(0x8cb92ba72f3d8dd7);
static const uint64_t second_chain = UINT64_C(0xd1b54a32d192ed03);

/* All zero is the one state from which the generator never moves. */
static void keep_from_zero(struct hr_rng *rng)
{
    if ((rng->s[0] | rng->s[1] | rng->s[2] | rng->s[3]) == 0) {
        rng->s[0] = first_chain;
    }
}

/* For fixed other keys each step is a bijection of its key: streams that differ in one key
 * alone never share this chain's 64 bits. */
static uint64_t absorb(uint64_t chain, uint64_t key)
{
    uint64_t counter = chain ^ key;
    return hr_splitmix64_next(&counter);
}

void hr_rng_init(struct hr_rng *rng, uint64_t seed, uint32_t replication, uint64_t entity,
                 uint32_t purpose)
{
    uint64_t run = ((uint64_t)replication << 32) | purpose;
    uint64_t a = absorb(absorb(absorb(first_chain, seed), run), entity);
    uint64_t b = absorb(absorb(absorb(second_chain, entity), run), seed);
    rng->s[0] = hr_splitmix64_next(&a);
    rng->s[1] = hr_splitmix64_next(&a);
    rng->s[2] = hr_splitmix64_next(&b);
    rng->s[3] = hr_splitmix64_next(&b);
    keep_from_zero(rng);
}

static void stream_set(void *state, unsigned long seed)
{
    struct hr_rng *rng = state;
    uint64_t counter = seed;
    for (size_t i = 0; i < 4; i++) {
        rng->s[i] = hr_splitmix64_next(&counter);
    }
    keep_from_zero(rng);
}

static unsigned long stream_get(void *state)
{
    return hr_rng_next_u64(state);
}

static double stream_get_double(void *state)
{
    return hr_rng_uniform(state);
}

static const gsl_rng_type stream_type = {
    .name = "xoshiro256++",
    .max = UINT64_MAX,
    .min = 0,
    .size = sizeof(struct hr_rng),
    .set = stream_set,
    .get = stream_get,
    .get_double = stream_get_double,
};

const gsl_rng_type *hr_rng_type(void)
{
    return &stream_type;
}

void hr_rng_derive(gsl_rng *rng, uint64_t seed, uint32_t replication, uint64_t entity,
                   uint32_t purpose)
{
    hr_assert(rng->type == &stream_type);
    hr_rng_init(rng->state, seed, replication, entity, purpose);
}
