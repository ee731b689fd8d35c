/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/palette.h"

struct hr_paint hr_palette_paint(int slot)
{
    static const struct hr_paint paints[HR_PALETTE_SLOTS] = {
        {0x0072b2, 1.0, HR_PATTERN_SOLID},   /* blue */
        {0xe69f00, 1.0, HR_PATTERN_RISING},  /* orange */
        {0x009e73, 1.0, HR_PATTERN_FALLING}, /* bluish green */
        {0x56b4e9, 1.0, HR_PATTERN_SOLID},   /* sky blue */
        {0xd55e00, 1.0, HR_PATTERN_CROSSED}, /* vermilion */
        {0xcc79a7, 1.0, HR_PATTERN_LEVEL},   /* reddish purple */
        {0xf0e442, 1.0, HR_PATTERN_LEVEL},   /* yellow */
        {0x3d4852, 1.0, HR_PATTERN_SOLID},   /* dark grey */
        {0x8a949e, 1.0, HR_PATTERN_UPRIGHT}, /* grey */
        {0xdfe5ea, 1.0, HR_PATTERN_SOLID},   /* pale grey */
        {0xa9d3f0, 1.0, HR_PATTERN_SOLID},   /* pale blue */
        {0x0b4f7d, 1.0, HR_PATTERN_RISING},  /* dark blue */
        {0x7fcdb5, 1.0, HR_PATTERN_SOLID},   /* pale green */
        {0x7a3c00, 1.0, HR_PATTERN_FALLING}, /* brown */
        {0xf0cfe1, 1.0, HR_PATTERN_UPRIGHT}, /* pale purple */
    };
    int index = slot % HR_PALETTE_SLOTS;
    return paints[index < 0 ? index + HR_PALETTE_SLOTS : index];
}

uint32_t hr_palette_line(int slot)
{
    uint32_t rgb = hr_palette_paint(slot).rgb;
    uint32_t r = (rgb >> 16) & 0xff;
    uint32_t g = (rgb >> 8) & 0xff;
    uint32_t b = rgb & 0xff;
    /* Pale colours are darkened by a third, twice if need be. */
    for (int k = 0; k < 2 && 299 * r + 587 * g + 114 * b > 160000; k++) {
        r = r * 2 / 3;
        g = g * 2 / 3;
        b = b * 2 / 3;
    }
    return (r << 16) | (g << 8) | b;
}
