/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/palette.h - the colours of series, by slot. The colours are those of Okabe and Ito,
 * which people with colour-blindness can tell apart; patterns tell them apart in grey as well.
 */
#ifndef HR_PLOT_PALETTE_H
#define HR_PLOT_PALETTE_H

#include "plot/canvas.h"

enum { HR_PALETTE_SLOTS = 15 };

/* Greys of text and rules. */
#define HR_INK       0x22272eu
#define HR_INK_SOFT  0x5b6570u
#define HR_RULE      0xc9d0d6u
#define HR_RULE_SOFT 0xe6eaedu
#define HR_TINT      0xf3f6f8u
#define HR_ACCENT    0x0b4f7du
#define HR_ALARM     0xb3261eu

/* The paint of a slot; slots repeat after HR_PALETTE_SLOTS. */
struct hr_paint hr_palette_paint(int slot);
/* The same for lines, which need more contrast to white than areas do. */
uint32_t hr_palette_line(int slot);

#endif
