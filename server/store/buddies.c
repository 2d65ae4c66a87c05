#include "server/store/buddies.h"

#include "server/store/said.h"

static bool is_over(const struct log_entry *x, const struct apart *apart, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((apart[i].by == x->other || apart[i].other == x->other) &&
			(apart[i].kind == APART_BLOCK || id_compare(x->id, apart[i].entry) < 0))
			return true;
	return false;
}

static int by_id(const void *a, const void *b)
{
	const struct buddy *x = a, *y = b;

	return id_compare(x->id, y->id);
}

bool buddies_read(struct buddy **out, size_t *n, const struct my_log *log, struct db *db,
	uint32_t event, uint32_t owner, struct arena *a, struct err *e)
{
	struct buddy *all = ARENA_ARRAY(a, log->count, struct buddy);
	struct apart *apart;
	size_t count;

	*n = 0;
	*out = all;
	if (!apart_read(&apart, &count, db, event, owner, a, e))
		return false;
	for (size_t i = 0; i < log->count; i++) {
		const struct log_entry *x = &log->entries[i];
		size_t k = 0;

		const struct my_person *known = my_person_find(log, x->other_id);

		if (x->kind != ENTRY_BUDDY || x->other == owner || is_over(x, apart, count) ||
			(known && known->known.gone))
			continue;
		while (k < *n && all[k].attendee != x->other)
			k++;
		if (k == *n)
			all[(*n)++] = (struct buddy){
				.person = known, .attendee = x->other, .id = x->other_id
			};
		all[k].mine |= x->own || x->by_kiosk;
		all[k].theirs |= !x->own;
	}
	if (*n > 1)
		qsort(all, *n, sizeof(*all), by_id);
	return true;
}
