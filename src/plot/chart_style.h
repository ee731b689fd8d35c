/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot/chart_style.h - lengths that the layout and the drawing of charts share, in points. */
#ifndef HR_PLOT_CHART_STYLE_H
#define HR_PLOT_CHART_STYLE_H

#define HR_CHART_TITLE_PT   8.5
#define HR_CHART_LABEL_PT   7.0
#define HR_CHART_LABEL_LINE 9.0  /* height of a line of labels */
#define HR_CHART_TITLE_LINE 11.0 /* height of an axis title */
#define HR_CHART_KEY_W      12.0 /* the swatch of a legend's entry */
#define HR_CHART_ENTRY_H    11.0
#define HR_CHART_ENTRY_GAP  12.0

#endif
