/* SPDX-License-Identifier: GPL-3.0-or-later */
/* headroom: capacity planning and TCO for virtualisation clusters. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "base/error.h"

int main(void)
{
    (void)gsl_set_error_handler_off();
    (void)puts(PACKAGE_STRING);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : HR_ERROR_FAILED;
}
