/*
 * The kiosk: readers, desk, store, screen and sync joined in one loop. A scan is resolved,
 * decided, written and shown, in this order, before anything else happens.
 */
#pragma once

#include "core/base/config.h"
#include "core/base/err.h"

struct kiosk_config {
	struct str state_dir, screen_listen, screen_root, role, languages, staff_pin,
		staff_pin_hash, help_desk, booth_host, sys_root, control_dir, setup_dir;
	struct str update, release_keys, update_outcome;
	struct str version; /* the program's, set by it */
	struct config_list readers, staff_badges;
	bool name_cache, show_names;
	uint64_t disk_reserve_mib, disk_warn_mib, update_quiet_s;
};

/* Read and check a configuration file. Texts live in a. */
MUST_CHECK bool kiosk_config_read(
	struct kiosk_config *out, const char *path, struct arena *a, struct err *e);
/* For --help: the keys with their defaults. */
void kiosk_config_help(FILE *to);
/* Make the state folder, for its owner only, unless it is there. */
MUST_CHECK bool kiosk_make_folder(const struct kiosk_config *c, struct arena *a, struct err *e);
/* STATE_DIR/NAME, in a. */
const char *kiosk_path(const struct kiosk_config *c, const char *name, struct arena *a);

struct kiosk;

/* program: what is started for each reader (kiosk/readers.h). config and program must outlive it.
 */
MUST_CHECK bool kiosk_open(
	struct kiosk **out, const struct kiosk_config *config, const char *program, struct err *e);
/* "127.0.0.1:40123": where the screen is. */
const char *kiosk_address(const struct kiosk *k);
/* Until SIGTERM or SIGINT. */
MUST_CHECK bool kiosk_run(struct kiosk *k, struct err *e);
void kiosk_close(struct kiosk *k); /* accepts NULL */
