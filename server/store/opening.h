/*
 * Sealed payloads are acknowledged as they came and opened here, a moment later: each costs an
 * X25519 (about 40 us), more than everything else that an entry costs, and nobody waits for it.
 * What is inside is judged then, as facts.h says; an entry beyond its station's authority, or one
 * that cannot be opened, becomes a refusal, which the station is told with a later reply
 * (server/store/refusals.h). derive_step goes no further than the first row that still waits, so
 * whatever is derived knows what every entry before it says.
 */
#pragma once

#include "server/writer.h"

writer_step opening_step;
