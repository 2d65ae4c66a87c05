#include "firmware-tools/commands/badge_print.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/tag/short_code.h"

enum { SIZE_LEAST_MM = 20, SIZE_MOST_MM = 1000, DISTANCE_MM = 200, DISTANCE_MOST_MM = 2000 };

bool badge_print_size(const char *text, double *w_mm, double *h_mm, struct err *e)
{
	struct str rest = str_of(text), width;
	uint64_t w, h;

	if (!str_split(&rest, 'x', &width) || !str_u64(width, &w) || !str_u64(rest, &h) ||
		w < SIZE_LEAST_MM || h < SIZE_LEAST_MM || w > SIZE_MOST_MM || h > SIZE_MOST_MM)
		return err_set(e, ERR_USAGE,
			"--size takes millimetres, width x height, as in 90x55; from %d to %d",
			SIZE_LEAST_MM, SIZE_MOST_MM);
	*w_mm = (double)w;
	*h_mm = (double)h;
	return true;
}

static bool read_distance(struct badge_print *p, struct err *e)
{
	uint64_t mm = DISTANCE_MM;

	if (p->distance && (!str_u64(str_of(p->distance), &mm) || mm < 50 || mm > DISTANCE_MOST_MM))
		return err_set(e, ERR_USAGE,
			"--distance takes millimetres between badge and camera, 50 to %d",
			DISTANCE_MOST_MM);
	p->distance_mm = (double)mm;
	return true;
}

static bool read_key(struct badge_print *p, struct arena *a, struct err *e)
{
	if (!p->key_file)
		return true;
	if (!p->host)
		return err_set(e, ERR_USAGE, "--key signs links: --host says where they lead");
	if (!link_host_check(str_of(p->host)))
		return err_set(e, ERR_USAGE, "--host takes a host's name, as in kith.example.org");
	p->has_key = event_key_read_file(&p->key, p->key_file, a, e);
	return p->has_key;
}

static bool read_list(struct badge_print *p, struct arena *a, struct err *e)
{
	struct bytes csv;

	if (!file_read(&csv, p->list_file, LIMIT_CSV_BYTES, a, e) ||
		!attendees_read(&p->list, csv, a, e))
		return err_in(e, "%s", p->list_file);
	for (size_t i = 0; !p->has_key && i < p->list.count; i++)
		if (p->list.rows[i].link.len == 0)
			return err_set(e, ERR_USAGE,
				"%s: line %zu has no link: give the event key with --key and the "
				"host "
				"with --host, and links are signed here",
				p->list_file, p->list.rows[i].line);
	return true;
}

bool badge_print_open(
	struct badge_print *p, const char *default_size, struct arena *a, struct err *e)
{
	p->reads_mm = DISTANCE_MOST_MM;
	return badge_print_size(p->size ? p->size : default_size, &p->w_mm, &p->h_mm, e) &&
	       read_distance(p, e) && read_key(p, a, e) && read_list(p, a, e);
}

static struct str make_link(struct badge_print *p, const struct attendee_row *row, struct arena *a)
{
	uint8_t signature[SIGNATURE_LEN];
	struct buf out = BUF_IN(a);

	if (row->link.len > 0)
		return row->link;
	badge_link_sign(signature, row->badge, &p->key);
	link_badge_write(&out, str_of(p->host), row->badge, signature);
	return buf_str(&out);
}

static void say(
	struct badge_print *p, const struct attendee_row *row, const struct badge_art_report *r)
{
	if (r->missing)
		fprintf(stderr,
			"%s: line %zu: no font on this machine has some of the letters: install "
			"fonts-noto-core and fonts-noto-cjk\n",
			p->list_file, row->line);
	if (r->cut)
		fprintf(stderr, "%s: line %zu: a text is too long for the badge and was cut\n",
			p->list_file, row->line);
	p->poor += r->missing || r->cut;
	if (r->reads_mm < p->reads_mm)
		p->reads_mm = r->reads_mm;
}

bool badge_print_draw(struct badge_print *p, struct page *page, struct box box,
	const struct attendee_row *row, struct arena *a, struct err *e)
{
	struct short_code code = short_code_of(row->badge);
	struct badge_art_report report;
	struct badge_art art = {
		.event = str_of(p->title ? p->title : ""),
		.name = row->name,
		.organization = row->organization,
		.title = row->title,
		.line = row->talk,
		.link = make_link(p, row, a),
		.code = arena_printf(a, "%.5s %.5s", code.s, code.s + 5),
	};

	if (p->queue_of)
		art.queue = p->queues[p->queue_of[row - p->list.rows]].label;
	if (!badge_art_draw(page, box, &art, p->distance_mm, &report, a, e))
		return err_in(e, "%s: line %zu", p->list_file, row->line);
	say(p, row, &report);
	return true;
}

void badge_print_summary(const struct badge_print *p, size_t badges, size_t pages)
{
	fprintf(stderr, "%zu badges on %zu pages; codes read from %.0f mm\n", badges, pages,
		p->reads_mm);
	if (p->reads_mm < p->distance_mm)
		fprintf(stderr,
			"that is nearer than the %.0f mm asked for: a larger badge, or a shorter "
			"host, "
			"makes larger modules\n",
			p->distance_mm);
}
