/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and views of cost seen otherwise: depreciation, and cost of what is delivered. */
#include "store/schema.h"

const char hr_schema_depreciation[] =
    "CREATE TABLE depreciation (\n"
    "  -- capital in cash, written off in a straight line; a category's book value at the\n"
    "  -- end of the year\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  category TEXT NOT NULL,\n"
    "  year INTEGER NOT NULL CHECK (year BETWEEN 1 AND 100),\n"
    "  depreciation_cents INTEGER NOT NULL,\n"
    "  book_value_cents INTEGER NOT NULL,\n"
    "  PRIMARY KEY (study_id, platform_id, category, year),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

const char hr_schema_delivered[] =
    "CREATE TABLE delivered (\n"
    "  -- over all years: guests that run, and the memory configured for them, by months\n"
    "  study_id INTEGER NOT NULL REFERENCES study,\n"
    "  platform_id TEXT NOT NULL,\n"
    "  guest_months INTEGER NOT NULL CHECK (guest_months >= 0),\n"
    "  memory_mib_months INTEGER NOT NULL CHECK (memory_mib_months >= 0),\n"
    "  PRIMARY KEY (study_id, platform_id),\n"
    "  FOREIGN KEY (study_id, platform_id) REFERENCES platform\n"
    ") STRICT, WITHOUT ROWID";

const char hr_schema_v_depreciation[] =
    "CREATE VIEW v_depreciation AS\n"
    "-- a platform's cost by the year: what is written off and what is paid to run, in cash;\n"
    "-- the years' sum and the last book value are the TCO undiscounted\n"
    "WITH running (study_id, platform_id, year, cents) AS (\n"
    "  SELECT study_id, platform_id, year, sum(cash_cents) FROM cost_line\n"
    "  WHERE kind = 'opex' GROUP BY study_id, platform_id, year\n"
    ")\n"
    "SELECT p.study_id, p.rank, p.platform_id, p.name AS platform, d.year,\n"
    "  sum(d.depreciation_cents) / 100.0 AS depreciation,\n"
    "  coalesce(r.cents, 0) / 100.0 AS running,\n"
    "  (sum(d.depreciation_cents) + coalesce(r.cents, 0)) / 100.0 AS cost,\n"
    "  sum(d.book_value_cents) / 100.0 AS book_value\n"
    "FROM depreciation AS d JOIN platform AS p\n"
    "  ON p.study_id = d.study_id AND p.platform_id = d.platform_id\n"
    "LEFT JOIN running AS r ON r.study_id = d.study_id AND r.platform_id = d.platform_id\n"
    "  AND r.year = d.year\n"
    "GROUP BY p.study_id, p.platform_id, d.year";

const char hr_schema_v_unit_cost[] =
    "CREATE VIEW v_unit_cost AS\n"
    "-- TCO over what it delivers: for a guest and for a GiB of its memory, each a month\n"
    "SELECT p.study_id, p.rank, p.platform_id, p.name AS platform, d.guest_months,\n"
    "  d.memory_mib_months / 1024.0 AS memory_gib_months,\n"
    "  p.tco_cents / 100.0 / nullif(d.guest_months, 0) AS per_guest_month,\n"
    "  p.tco_cash_cents / 100.0 / nullif(d.guest_months, 0) AS per_guest_month_cash,\n"
    "  p.tco_cents / 100.0 / nullif(d.memory_mib_months, 0) * 1024.0 AS per_gib_month,\n"
    "  p.tco_cash_cents / 100.0 / nullif(d.memory_mib_months, 0) * 1024.0\n"
    "    AS per_gib_month_cash\n"
    "FROM delivered AS d JOIN platform AS p\n"
    "  ON p.study_id = d.study_id AND p.platform_id = d.platform_id";
