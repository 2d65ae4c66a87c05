/* Least squares in a few unknowns, by normal equations. */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "core/base/attr.h"

enum { LEAST_UNKNOWNS_MAX = 26 };

struct least {
	unsigned n; /* unknowns */
	double a[LEAST_UNKNOWNS_MAX][LEAST_UNKNOWNS_MAX + 1];
};

static inline void least_begin(struct least *l, unsigned n)
{
	l->n = n;
	memset(l->a, 0, n * sizeof(l->a[0]));
}

/* The sum of x[i] times unknown i shall be value. Only the upper half is kept until the end. */
static inline void least_add(struct least *l, const double *x, double value, double weight)
{
	for (unsigned i = 0; i < l->n; i++) {
		double w = weight * x[i];

		for (unsigned j = i; j < l->n; j++)
			l->a[i][j] += w * x[j];
		l->a[i][l->n] += w * value;
	}
}

/* Draw unknown i to 0. */
static inline void least_hold(struct least *l, unsigned i, double weight)
{
	l->a[i][i] += weight;
}

/* The answers. False where the equations do not tell. */
MUST_CHECK bool least_end(struct least *l, double *answer);
