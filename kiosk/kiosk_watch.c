/* The measures of the kiosk's watch over itself, and who hears of its signs. */
#define _DEFAULT_SOURCE
#include <sys/statvfs.h>

#include "core/base/log.h"
#include "kiosk/kiosk_private.h"

static void measure_disk(struct kiosk *k, struct watch_measure *out)
{
	struct statvfs fs;

	k->disk_known = statvfs(k->folder, &fs) == 0;
	if (!k->disk_known)
		return;
	k->disk_free = (uint64_t)fs.f_bavail * fs.f_frsize;
	k->disk_low = k->disk_free < k->config->disk_reserve_mib << 20;
	*out = (struct watch_measure){ true, (int64_t)(k->disk_free >> 20) };
}

bool kiosk_is_camera(const struct reader_state *s)
{
	return strncmp(s->name, "camera ", 7) == 0 || strncmp(s->name, "frames ", 7) == 0;
}

static void measure_readers(const struct kiosk *k, struct watch_measure *m)
{
	size_t n = k->readers ? readers_count(k->readers) : 0;

	for (size_t i = 0; i < n; i++) {
		const struct reader_state *s = readers_state(k->readers, i);
		struct watch_measure *one = &m[kiosk_is_camera(s) ? WATCH_CAMERA : WATCH_READER];

		one->known = true;
		one->value += s->status != READER_READY;
	}
}

/* A server's answer tells how far it is off; before one, only who has set it. */
static void measure_clock(const struct kiosk *k, struct watch_measure *out)
{
	struct syncer_state s = { 0 };
	struct clock_time now;
	struct err e;

	if (k->syncer)
		s = syncer_state(k->syncer);
	if (!clock_now(&now, &e))
		return;
	out->known = true;
	if (s.ok_boot_ms)
		out->value = (s.server_offset_ms < 0 ? -s.server_offset_ms : s.server_offset_ms) /
			     1000;
	else
		out->value = now.quality >= CLOCK_NTP ? 0 : WATCH_UNTRUSTED;
}

static void measure_board(struct kiosk *k, struct watch_measure *m)
{
	board_read(&k->board, k->sys_root);
	m[WATCH_POWER] = (struct watch_measure){ k->board.power_known, k->board.power_low };
	m[WATCH_HEAT] = (struct watch_measure){ k->board.heat_known, k->board.heat_mc };
}

static void tell(const struct kiosk *k, const bool before[WATCH_COUNT])
{
	for (size_t i = 0; i < WATCH_COUNT; i++) {
		const struct watch_state *s = &k->watch.sign[i];

		if (s->on == before[i])
			continue;
		if (s->on)
			log_warn("watch sign=%s on value=%lld", watch_name((enum watch_sign)i),
				(long long)s->value);
		else
			log_info("watch sign=%s over", watch_name((enum watch_sign)i));
	}
}

void kiosk_watch(struct kiosk *k)
{
	struct watch_measure m[WATCH_COUNT] = { 0 };
	bool before[WATCH_COUNT];

	for (size_t i = 0; i < WATCH_COUNT; i++)
		before[i] = k->watch.sign[i].on;
	measure_disk(k, &m[WATCH_DISK]);
	measure_readers(k, m);
	measure_clock(k, &m[WATCH_CLOCK]);
	m[WATCH_SERVICE] = (struct watch_measure){ true, k->out_of_service };
	measure_board(k, m);
	if (!watch_step(&k->watch, m, kiosk_now_ms()))
		return;
	tell(k, before);
	/* the organizer hears of it now, not with the next heartbeat; offline it waits for one */
	if (k->syncer && syncer_state(k->syncer).link == SYNCER_ONLINE)
		(void)syncer_now(k->syncer);
	kiosk_publish(k, false);
}

size_t kiosk_signs(const struct kiosk *k, struct batch_sign *out)
{
	uint64_t now = kiosk_now_ms();
	size_t n = 0;

	_Static_assert((int)WATCH_COUNT <= (int)BATCH_SIGNS_MAX, "signs of a batch");
	for (size_t i = 0; i < WATCH_COUNT; i++) {
		const struct watch_state *s = &k->watch.sign[i];

		if (s->on)
			out[n++] = (struct batch_sign){
				.name = str_of(watch_name((enum watch_sign)i)),
				.for_ms = now - s->since_ms,
				.has_value = s->value != WATCH_UNTRUSTED,
				.value = s->value,
			};
	}
	return n;
}

size_t kiosk_tell_signs(void *context, struct batch_sign *out)
{
	return kiosk_signs(context, out);
}

static void gauge(struct buf *out, const char *name, double value)
{
	buf_printf(out, "# TYPE %s gauge\n%s %.17g\n", name, name, value);
}

void kiosk_watch_metrics(const struct kiosk *k, struct buf *out)
{
	const struct watch_state *clock = &k->watch.sign[WATCH_CLOCK];

	buf_lit(out, "# TYPE kith_kiosk_sign gauge\n");
	for (size_t i = 0; i < WATCH_COUNT; i++)
		buf_printf(out, "kith_kiosk_sign{sign=\"%s\"} %d\n", watch_name((enum watch_sign)i),
			k->watch.sign[i].on);
	if (k->disk_known)
		gauge(out, "kith_kiosk_disk_free_bytes", (double)k->disk_free);
	if (k->board.power_known)
		gauge(out, "kith_kiosk_under_voltage", k->board.power_low);
	if (k->board.heat_known)
		gauge(out, "kith_kiosk_temperature_celsius", (double)k->board.heat_mc / 1000);
	if (clock->value != WATCH_UNTRUSTED)
		gauge(out, "kith_kiosk_clock_offset_seconds", (double)clock->value);
}
