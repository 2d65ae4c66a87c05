/* The phases, one after the other (kiosk/update/update.h). */
#include "kiosk/update/update.h"

#include "core/base/log.h"

/* So often a phase is begun: power may fail twice for reasons of its own. */
enum { TRIES_MAX = 3 };

static bool go_back(struct update *u, const char *reason, struct err *e)
{
	u->state.reason = str_of(reason);
	return update_enter(u, PHASE_BACK, e);
}

/* Counted on the disk before it is tried: what takes the machine down is not tried for ever. */
static bool begin(struct update *u, bool *enough, struct err *e)
{
	*enough = u->state.tries >= TRIES_MAX;
	u->state.tries++;
	return update_enter(u, u->state.phase, e);
}

static bool install(struct update *u, struct err *e)
{
	bool enough;

	if (!begin(u, &enough, e))
		return false;
	if (enough)
		return go_back(u, "power", e);
	if (!packages_install(u, "new", e)) {
		log_error("%s", e->text);
		return go_back(u, "install", e);
	}
	return update_enter(u, PHASE_PROVE, e);
}

static bool prove(struct update *u, struct err *e)
{
	bool enough;

	if (!begin(u, &enough, e))
		return false;
	if (enough)
		return go_back(u, "power", e);
	prove_wait_quiet(u);
	prove_restart(u);
	if (!prove_is_well(u))
		return go_back(u, "unhealthy", e);
	return update_enter(u, PHASE_KEEP, e);
}

static bool keep(struct update *u, struct err *e)
{
	return packages_advance(u, e) && update_tell(u, "installed", "", e) &&
	       update_enter(u, PHASE_NONE, e);
}

static bool back(struct update *u, struct err *e)
{
	bool enough;

	outcome_add_bad(&u->outcome, &u->state.digest);
	if (!begin(u, &enough, e) || !update_tell(u, enough ? "stuck" : "rolled-back",
					     arena_cstr(u->arena, u->state.reason), e))
		return false;
	if (!packages_install(u, "current", e)) {
		/* tried again at the next boot; the kiosk may still run */
		log_error("the former version cannot be put in place: %s", e->text);
		return enough ? update_enter(u, PHASE_NONE, e) : false;
	}
	prove_wait_quiet(u);
	prove_restart(u);
	return update_enter(u, PHASE_NONE, e);
}

static bool step(struct update *u, struct err *e)
{
	switch (u->state.phase) {
	case PHASE_NONE:
		return true;
	case PHASE_INSTALL:
		return install(u, e);
	case PHASE_PROVE:
		return prove(u, e);
	case PHASE_KEEP:
		return keep(u, e);
	case PHASE_BACK:
		return back(u, e);
	}
	return false;
}

bool update_run(struct update *u, struct err *e)
{
	if (!update_load(u, e))
		return false;
	if (u->state.phase != PHASE_NONE) {
		/* taken, but for this: cut right after that was written down */
		update_empty_inbox(u);
	} else {
		prove_wait_quiet(u);
		if (!update_take(u, e))
			return false;
	}
	while (u->state.phase != PHASE_NONE)
		if (!step(u, e))
			return false;
	return true;
}

/* Whether the version of the release is in place: an overlay forgets it, a cut dpkg is half way. */
static bool is_in_place(const struct update *u)
{
	struct str installed;

	return packages_have(u, STR(RELEASE_MAIN_PACKAGE), &installed) &&
	       str_equal(installed, u->state.version);
}

static bool boot_new(struct update *u, struct err *e)
{
	if (u->state.phase == PHASE_INSTALL || !is_in_place(u)) {
		bool enough;

		if (!begin(u, &enough, e))
			return false;
		if (enough || !packages_install(u, "new", e))
			return go_back(u, enough ? "power" : "install", e);
	}
	return u->state.phase == PHASE_PROVE || update_enter(u, PHASE_PROVE, e);
}

bool update_boot(struct update *u, struct err *e)
{
	if (!update_load(u, e))
		return false;
	switch (u->state.phase) {
	case PHASE_NONE:
		return packages_restore(u, e);
	case PHASE_INSTALL:
	case PHASE_PROVE:
		if (!boot_new(u, e))
			return false;
		return u->state.phase != PHASE_BACK || packages_install(u, "current", e);
	case PHASE_KEEP:
		return packages_advance(u, e) && packages_restore(u, e);
	case PHASE_BACK:
		return packages_install(u, "current", e);
	}
	return false;
}
