/* What staff do with the station itself: settings, the camera's view, the end of the day. */
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "kiosk/kiosk_private.h"

static const char volume_setting[] = "volume", service_setting[] = "service";
static const char out_word[] = "out";

enum { VOLUME_DEFAULT = 3 };

static const char *control_file(const struct kiosk *k, const char *name, struct arena *a)
{
	return arena_printf(a, STR_FMT "/%s", STR_ARG(k->config->control_dir), name).p;
}

void kiosk_staff_load(struct kiosk *k)
{
	struct arena a = { 0 };
	struct str text;
	uint64_t level;
	struct err e;

	k->volume = VOLUME_DEFAULT;
	if (store_get(k->store, volume_setting, &text, &a, &e) && str_u64(text, &level) &&
		level <= DESK_VOLUME_MAX)
		k->volume = (unsigned)level;
	k->out_of_service = store_get(k->store, service_setting, &text, &a, &e) &&
			    str_equal(text, str_of(out_word));
	arena_finish(&a);
}

static void keep(struct kiosk *k, const char *setting, const char *value)
{
	struct err e;

	if (!store_set(k->store, setting, str_of(value), &e))
		log_warn("setting %s: %s", setting, e.text);
}

void kiosk_set_volume(struct kiosk *k, unsigned level)
{
	char text[12];

	k->volume = level;
	snprintf(text, sizeof(text), "%u", level);
	keep(k, volume_setting, text);
}

void kiosk_set_service(struct kiosk *k, bool in_service)
{
	k->out_of_service = !in_service;
	keep(k, service_setting, in_service ? "in" : out_word);
	kiosk_watch(k);
}

bool kiosk_can_shut_down(const struct kiosk *k)
{
	struct arena a = { 0 };
	/* of the package: it looks at the request that kiosk_shut_down leaves */
	const char *unit = arena_printf(&a, "%s/lib/systemd/system/kith-power.path", k->sys_root).p;
	bool can = access(unit, F_OK) == 0;

	arena_finish(&a);
	return can;
}

void kiosk_shut_down(struct kiosk *k)
{
	struct arena a = { 0 };
	struct err e;

	if (file_replace(control_file(k, "poweroff", &a), BYTES("staff\n"), 0600, &e)) {
		log_info("shutting down pending=%llu", (unsigned long long)store_pending(k->store));
		k->shutdown_ms = kiosk_now_ms() + SHUTDOWN_MS;
	} else {
		log_error("shut down: %s", e.text);
	}
	arena_finish(&a);
}

/* Which acts staff answer for. What they write about people are entries, which name themselves. */
void kiosk_log_staff(const struct kiosk *k, const struct desk_act *act, bool done)
{
	struct desk_view v;

	if (act->kind == ACT_TOUCH || act->kind == ACT_LANG)
		return;
	desk_view(k->desk, kiosk_now_ms(), &v);
	if (act->kind == ACT_STAFF && act->pin_given && !act->pin_ok)
		log_warn("staff PIN wrong");
	else if (v.staff || act->kind == ACT_SHUTDOWN)
		log_info("staff act=%s %s badge=%s", desk_act_name(act->kind),
			done ? "done" : "refused",
			id_is_none(v.staff_who) ? "-" : id_text(v.staff_who).s);
}

static bool camera_shown(const struct kiosk *k)
{
	struct desk_view v;

	desk_view(k->desk, kiosk_now_ms(), &v);
	return v.screen == DESK_STAFF && v.staff && v.tool == TOOL_CAMERA;
}

static size_t find_camera(const struct kiosk *k)
{
	size_t n = readers_count(k->readers), i = 0;

	while (i < n && !kiosk_is_camera(readers_state(k->readers, i)))
		i++;
	return i;
}

void kiosk_forget_view(struct kiosk *k)
{
	struct view_frame f;
	size_t i;

	if (!k->viewing || camera_shown(k))
		return;
	k->viewing = false;
	i = find_camera(k);
	if (i < readers_count(k->readers))
		(void)readers_view(k->readers, i, &f);
	crypto_wipe(&f, sizeof(f));
}

static void write_frame(struct buf *out, const struct view_frame *f)
{
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_u64(&w, "width", f->width);
	json_u64(&w, "height", f->height);
	json_blob(&w, "gray", bytes_of(f->pixels, (size_t)f->width * f->height));
	json_open(&w, "codes", '[');
	for (size_t i = 0; i < f->code_count; i++) {
		json_open(&w, NULL, '[');
		for (size_t k = 0; k < 4; k++) {
			json_i64(&w, NULL, f->corners[i][k][0]);
			json_i64(&w, NULL, f->corners[i][k][1]);
		}
		json_close(&w, ']');
	}
	json_close(&w, ']');
	json_close(&w, '}');
}

bool kiosk_camera(void *context, struct buf *out, struct err *e)
{
	struct kiosk *k = context;
	struct view_frame f;
	size_t i;

	if (!camera_shown(k))
		return err_set(e, ERR_NOT_FOUND, "the camera is shown to staff only");
	i = find_camera(k);
	if (i == readers_count(k->readers))
		return err_set(e, ERR_NOT_FOUND, "this station has no camera");
	k->viewing = true;
	if (readers_view(k->readers, i, &f))
		write_frame(out, &f);
	readers_look(k->readers, i);
	crypto_wipe(&f, sizeof(f));
	return true;
}
