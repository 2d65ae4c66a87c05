/* Figures of a bench: medians, percentiles, and the RESULT lines that it ends in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"

/* The middle value, of the two middle ones their mean; 0 without values. Sorts them. */
double stats_median(double *values, size_t n);
/* The value below which share (0 to 1) of all lie. Sorts them. */
uint64_t stats_percentile(uint64_t *values, size_t n, double share);

enum stats_goal { GOAL_NONE, GOAL_AT_LEAST, GOAL_AT_MOST };
/* "RESULT name=value", with "floor=... met=yes|no" where there is a goal. */
void stats_result(const char *name, double value, enum stats_goal goal, double bound);
