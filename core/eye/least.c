#include "core/eye/least.h"

#include <math.h>

/* Gauss with pivots. */
bool least_end(struct least *l, double *answer)
{
	unsigned n = l->n;

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < i; j++)
			l->a[i][j] = l->a[j][i];
	for (unsigned i = 0; i < n; i++) {
		unsigned pivot = i;

		for (unsigned r = i + 1; r < n; r++)
			if (fabs(l->a[r][i]) > fabs(l->a[pivot][i]))
				pivot = r;
		if (!(fabs(l->a[pivot][i]) > 1e-10))
			return false;
		for (unsigned c = i; c <= n; c++) {
			double v = l->a[i][c];

			l->a[i][c] = l->a[pivot][c];
			l->a[pivot][c] = v;
		}
		for (unsigned r = 0; r < n; r++) {
			double f = l->a[r][i] / l->a[i][i];

			for (unsigned c = i; r != i && c <= n; c++)
				l->a[r][c] -= f * l->a[i][c];
		}
	}
	for (unsigned i = 0; i < n; i++)
		answer[i] = l->a[i][n] / l->a[i][i];
	return true;
}
