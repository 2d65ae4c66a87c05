#include "core/print/queues.h"

#include <glib.h>
#include <stdlib.h>

#include "core/base/buf.h"

struct person {
	gunichar letter;
	size_t index;
};

/* The base letter in upper case; what is no letter comes first, as '#'. */
static gunichar first_letter(struct str surname)
{
	gchar *apart = surname.len > 0 ? g_utf8_normalize(surname.p, (gssize)surname.len,
						 G_NORMALIZE_DEFAULT)
				       : NULL;
	gunichar letter = '#';

	for (const gchar *c = apart; c && *c; c = g_utf8_next_char(c)) {
		if (g_unichar_isalpha(g_utf8_get_char(c))) {
			letter = g_unichar_toupper(g_utf8_get_char(c));
			break;
		}
	}
	g_free(apart);
	return letter;
}

static int by_letter(const void *a, const void *b)
{
	const struct person *x = a, *y = b;

	if (x->letter != y->letter)
		return x->letter < y->letter ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static void add_letter(struct buf *out, gunichar letter)
{
	char text[6];

	buf_add(out, bytes_of(text, (size_t)g_unichar_to_utf8(letter, text)));
}

static struct str label(gunichar from, gunichar to, struct arena *a)
{
	struct buf out = BUF_IN(a);

	add_letter(&out, from);
	if (from != to) {
		buf_lit(&out, "–");
		add_letter(&out, to);
	}
	return buf_str(&out);
}

/* Where the range that begins at from ends, so that what is left spreads over the desks left. */
static size_t range_end(const struct person *people, size_t from, size_t n, size_t desks)
{
	size_t wanted = (n - from + desks - 1) / desks, end = from;

	if (desks == 1)
		return n;
	while (end < n) {
		size_t next = end;

		while (next < n && people[next].letter == people[end].letter)
			next++;
		/* the letter joins when that comes nearer to what is wanted than leaving it */
		if (end > from && next - from > wanted &&
			next - from - wanted > wanted - (end - from))
			break;
		end = next;
		if (end - from >= wanted)
			break;
	}
	return end;
}

size_t queues_split(struct queue_range ranges[QUEUES_MAX], size_t *range_of,
	const struct str *surnames, size_t n, size_t desks, struct arena *a)
{
	struct person *people = ARENA_ARRAY(a, n, struct person);
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		people[i] = (struct person){ first_letter(surnames[i]), i };
	if (n > 1)
		qsort(people, n, sizeof(*people), by_letter);
	for (size_t from = 0, end; from < n; from = end) {
		end = range_end(people, from, n, desks - count);
		ranges[count] = (struct queue_range){
			label(people[from].letter, people[end - 1].letter, a), end - from
		};
		for (size_t i = from; i < end; i++)
			range_of[people[i].index] = count;
		count++;
	}
	return count;
}
