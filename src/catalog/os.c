/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "catalog/entries.h"
#include "catalog/match.h"
#include "catalog/schema.h"

static const char *const FAMILIES[] = {"windows", "linux", "other", NULL};

static const struct hr_field FIELDS[] = {
    HR_FIELD_OF(struct hr_os, name, HR_FIELD_TEXT, HR_REQUIRED),
    HR_FIELD_ONE_OF(struct hr_os, family, HR_REQUIRED, FAMILIES),
    HR_FIELD_OF(struct hr_os, is_server, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_COUNT(struct hr_os, released_year, HR_REQUIRED, 1990, 2100),
    HR_FIELD_OF(struct hr_os, match, HR_FIELD_TEXTS, HR_REQUIRED),
    HR_FIELD_OF(struct hr_os, boot_zeroes_memory, HR_FIELD_BOOL, HR_REQUIRED),
    HR_FIELD_NUMBER(struct hr_os, boot_touch_s, HR_REQUIRED, 1, 86400),
    HR_FIELD_NUMBER(struct hr_os, churn_s, HR_REQUIRED, 60, 1e8),
    HR_FIELD_NUMBER(struct hr_os, zero_free_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, zero_used_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, common_mib, HR_OPTIONAL, 0, 1e6),
    HR_FIELD_NUMBER(struct hr_os, common_used_frac, HR_OPTIONAL, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, dup_frac, HR_REQUIRED, 0, 1),
    HR_FIELD_NUMBER(struct hr_os, dup_multiplicity, HR_REQUIRED, 2, 1e6),
    HR_FIELD_NUMBER(struct hr_os, paging_cluster, HR_REQUIRED, 1, 256),
    HR_FIELD_OF(struct hr_os, dynamic_memory, HR_FIELD_BOOL, HR_REQUIRED),
    {.key = NULL},
};

const struct hr_field *hr_os_fields(void)
{
    return FIELDS;
}

static void check_match(const struct hr_entry_file *file, const hr_node *list)
{
    for (size_t i = 0; list != NULL && i < hr_node_length(list); i++) {
        const hr_node *item = hr_node_at(list, i);
        g_autofree char *plain = hr_match_system_text(hr_node_text(item));
        if (strcmp(plain, hr_node_text(item)) != 0) {
            hr_node_fail(file->tree, item, file->diag, "match text",
                         "'%s' can never be found: write it as '%s'", hr_node_text(item),
                         plain);
        }
    }
}

struct hr_os *hr_os_read(const hr_tree *tree, const char *id, hr_diag *diag)
{
    struct hr_entry_file file = {.tree = tree, .diag = diag};
    struct hr_os *os = g_new0(struct hr_os, 1);
    os->id = g_strdup(id);
    hr_entry_read(&file, FIELDS, os, &os->sources);
    const hr_node *root = hr_tree_root(tree);
    if (hr_node_kind(root) != HR_NODE_MAP) {
        return os;
    }
    check_match(&file, hr_node_get(root, "match"));
    if ((hr_node_get(root, "common_mib") == NULL) ==
        (hr_node_get(root, "common_used_frac") == NULL)) {
        hr_entry_fail(&file, root, "common_used_frac", "common pages",
                      "give either 'common_mib' or 'common_used_frac'");
    }
    if (os->zero_used_frac + os->dup_frac + os->common_used_frac > 1.0) {
        hr_entry_fail(&file, root, "dup_frac", "page mix",
                      "zero, common and duplicate pages are more than all used ones");
    }
    return os;
}

void hr_os_free(struct hr_os *os)
{
    if (os != NULL) {
        hr_fields_clear(FIELDS, os);
        hr_origins_clear(&os->sources);
        g_free(os->id);
        g_free(os);
    }
}
