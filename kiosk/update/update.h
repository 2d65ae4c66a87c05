/*
 * kith-update: installs a release on a kiosk, as root, and goes back by itself where the kiosk is
 * not well afterwards. It is a program and a package of its own, so that what installs the kiosk
 * is not exchanged with it, and trusts nobody but the release key in a file of root's.
 *
 * A power cut may come at any time. So what is done stands in state.json before it is done, and
 * each phase may be begun again:
 *
 *	(none)		the kiosk asks by a file in its inbox; that is read, checked and written
 *			to new/, the packages that run now are in current/
 *	install		dpkg puts the packages of new/ in place
 *	prove		the kiosk is started again and watched; the updater itself stays as it is
 *	keep		it was well: new/ becomes current/
 *	back		it was not: dpkg puts the packages of current/ in place, the release is bad
 *
 * At boot, before the kiosk starts, the packages that the phase asks for are put in place; and
 * where the root is an overlay in memory, so that it has forgotten them, those of current/.
 */
#pragma once

#include "core/release/handover.h"
#include "core/release/release.h"

struct update_config {
	struct str state_dir, inbox, alive, keys, root, restart;
	uint64_t prove_s, patience_s, quiet_s;
};

MUST_CHECK bool update_config_read(
	struct update_config *out, const char *path, struct arena *a, struct err *e);
/* For --help. */
void update_config_help(FILE *to);

enum update_phase { PHASE_NONE, PHASE_INSTALL, PHASE_PROVE, PHASE_KEEP, PHASE_BACK };

/* state.json. */
struct update_state {
	enum update_phase phase;
	unsigned tries;		  /* how often this phase was begun */
	struct str version, from; /* of the release; what it follows */
	struct hash digest;
	struct str reason;			   /* of PHASE_BACK */
	bool was_readers, was_online;		   /* before: what must be so again */
	struct str packages[RELEASE_PACKAGES_MAX]; /* that are put in place, without the updater */
	size_t package_count;
	bool updater; /* new/ has the updater's package, too */
};

void update_state_write(struct buf *out, const struct update_state *s);
MUST_CHECK bool update_state_read(
	struct update_state *out, struct bytes text, struct arena *a, struct err *e);

struct update {
	const struct update_config *config;
	struct arena *arena;
	struct update_state state;
	struct outcome outcome;
};

/* state.c: both files as they are on the disk; a file that is not there is an empty one. */
MUST_CHECK bool update_load(struct update *u, struct err *e);
/* Durably, before what it says is begun; PHASE_NONE takes the file away. */
MUST_CHECK bool update_enter(struct update *u, enum update_phase phase, struct err *e);
MUST_CHECK bool update_tell(struct update *u, const char *state, const char *reason, struct err *e);
/* STATE_DIR/NAME, in the arena. */
const char *update_path(const struct update *u, const char *name);

/*
 * take.c: a file in a folder of the kiosk's user, who may put anything there: a link, a pipe, a
 * file that changes. So it is opened once, without waiting, and read whole, to be looked at then.
 */
MUST_CHECK bool update_read_theirs(
	struct bytes *out, const char *path, size_t limit, struct arena *a, struct err *e);
/* take.c: from the inbox to PHASE_INSTALL; a refusal is told, and no error. */
MUST_CHECK bool update_take(struct update *u, struct err *e);
/* So that it is not asked again. */
void update_empty_inbox(const struct update *u);

/* packages.c: dpkg's side. */
MUST_CHECK bool packages_version(
	struct str *out, const struct update *u, struct str name, struct err *e);
/* False where it is not installed, whole. */
bool packages_have(const struct update *u, struct str name, struct str *version);
/* current/NAME.deb is the version that is installed: as it was kept, or packed again. */
MUST_CHECK bool packages_keep_one(const struct update *u, struct str name, struct err *e);
/* Put those of FOLDER ("new", "current") in place, by one call of dpkg. */
MUST_CHECK bool packages_install(const struct update *u, const char *folder, struct err *e);
/* new/ becomes current/. */
MUST_CHECK bool packages_advance(const struct update *u, struct err *e);
/* At boot, with nothing to do: an overlay forgot what was installed. */
MUST_CHECK bool packages_restore(const struct update *u, struct err *e);

/* prove.c: start the kiosk again when nobody is there, and watch it. */
void prove_before(struct update *u);
void prove_wait_quiet(const struct update *u);
void prove_restart(const struct update *u);
bool prove_is_well(const struct update *u);

/* All that is to be done, from wherever it was left. */
MUST_CHECK bool update_run(struct update *u, struct err *e);
/* The part that comes before the kiosk starts. */
MUST_CHECK bool update_boot(struct update *u, struct err *e);
