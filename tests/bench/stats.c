#include "tests/bench/stats.h"

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

double stats_median(double *values, size_t n)
{
	if (n == 0)
		return 0;
	qsort(values, n, sizeof(*values), compare_doubles);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

uint64_t stats_percentile(uint64_t *values, size_t n, double share)
{
	size_t at = (size_t)((double)n * share);

	if (n == 0)
		return 0;
	qsort(values, n, sizeof(*values), compare_u64);
	return values[at < n ? at : n - 1];
}

void stats_result(const char *name, double value, enum stats_goal goal, double bound)
{
	bool met = goal == GOAL_AT_LEAST ? value >= bound : value <= bound;

	printf("RESULT %s=%.3g", name, value);
	if (goal != GOAL_NONE)
		printf(" %s=%g met=%s", goal == GOAL_AT_LEAST ? "floor" : "ceiling", bound,
			met ? "yes" : "no");
	printf("\n");
}
