/*
 * What an entry's payload says, read by the one table of shapes: which fields a kind has, which
 * of them name persons, and which stations may write it (docs/sync-protocol.md, "Kinds").
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/entry/entry.h"

enum station_kind { STATION_KIOSK = 1, STATION_OWN = 2 /* devices and pages of one person */ };

/*
 * Introduce is the answer to one introduction; the others hold until they are withdrawn. Coming:
 * who knows this person from another event may see that they are expected at this one.
 */
enum purpose {
	PURPOSE_CARD = 1,
	PURPOSE_FOLLOWUPS,
	PURPOSE_CONTACT,
	PURPOSE_INTRODUCE,
	PURPOSE_COMING,
	PURPOSE_END,
};

struct facts {
	struct id who[2]; /* the persons it concerns; the owner, or who came first, is who[0] */
	unsigned who_count;
	struct id badge;      /* of a badge-assign */
	struct str name;      /* of a walk-in */
	struct id of;	      /* the entry that it is about; zero: none */
	struct id ties[2];    /* of an introduce: the two meetings or contacts */
	enum purpose purpose; /* of a consent */
	bool given;
	int64_t version;
};

/*
 * ERR_MALFORMED names the field. Texts borrow from payload or a. Fields that the table does not
 * name are let through: a newer station may know more.
 */
MUST_CHECK bool facts_read(struct facts *out, enum entry_kind kind, struct bytes payload,
	struct arena *a, struct err *e);
/* As facts_refuse, from the kind alone: what can be said of a payload that nobody read yet. */
const char *facts_refuse_kind(enum entry_kind kind, enum station_kind station);
/*
 * Why a station may not write this: a constant text for the refusal, or NULL when it may. owner
 * is the person of a STATION_OWN. Depends on nothing that another entry could change.
 */
const char *facts_refuse(const struct facts *f, enum entry_kind kind, enum station_kind station,
	const struct id *owner);
/* Payloads that anybody who runs the event may read; all others are private to their owner. */
bool facts_are_open(enum entry_kind kind);
