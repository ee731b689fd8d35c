/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/hot.h - include it last in files that run inside the event loop: what allocates, keeps
 * hidden state or reads the wall clock does not compile there. */
#ifndef HR_BASE_HOT_H
#define HR_BASE_HOT_H

#pragma GCC poison malloc calloc realloc free strdup strtok localtime gmtime rand srand random
#pragma GCC poison g_malloc g_malloc0 g_malloc_n g_malloc0_n g_realloc g_free g_strdup

#endif
