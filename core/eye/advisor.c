#include "core/eye/advisor.h"

#include <math.h>

static const float FRAME_MS_MAX = 250; /* a gap between frames is no long sight */
static const float SAME_PLACE = 0.08f; /* of the picture's width */
static const float FORGET_MS = 1500;   /* time constant of the weights */
/* so much is enough to say it, to go on saying it, and to be sure for good; 600 ms in a row, and
 * from the most to the least 1300 ms without it */
static const float SAY = 495, KEEP = 300, MOST = 700;

static enum eye_advice weightiest(const struct advisor *a)
{
	enum eye_advice best = EYE_NO_ADVICE;

	for (unsigned i = 1; i < EYE_ADVICE_COUNT; i++)
		if (best == EYE_NO_ADVICE || a->weight[i] > a->weight[best])
			best = (enum eye_advice)i;
	return best;
}

/* How long something was said about the same place in vain. */
static void grow_bored(struct advisor *a, const struct eye_sight *s, float ms)
{
	bool moved = s->located && hypotf(s->at.x - a->at.x, s->at.y - a->at.y) > SAME_PLACE;

	if (moved || a->said_ms == 0)
		a->at = s->at;
	if (moved || a->weight[weightiest(a)] < 1) {
		a->said_ms = 0;
		a->bored = false;
	}
	if (a->said != EYE_NO_ADVICE)
		a->said_ms += ms;
	a->bored = a->bored || a->said_ms > ADVISOR_BORED_MS;
}

enum eye_advice advisor_frame(
	struct advisor *a, const struct eye_sight *sight, bool read, uint64_t now_ns)
{
	float ms = a->last_ns && now_ns > a->last_ns ? (float)(now_ns - a->last_ns) / 1e6f : 0;
	float kept = expf(-ms / FORGET_MS);
	enum eye_advice best;

	a->last_ns = now_ns;
	if (read) {
		*a = (struct advisor){ .last_ns = now_ns };
		return EYE_NO_ADVICE;
	}
	ms = fminf(ms, FRAME_MS_MAX);
	for (unsigned i = 0; i < EYE_ADVICE_COUNT; i++)
		a->weight[i] *= kept;
	if (sight->located)
		a->weight[sight->advice] = fminf(MOST, a->weight[sight->advice] + ms);
	best = weightiest(a);
	grow_bored(a, sight, ms);
	if (a->bored || a->weight[a->said] < KEEP)
		a->said = EYE_NO_ADVICE;
	if (!a->bored && a->weight[best] > SAY && a->weight[best] > 1.5f * a->weight[a->said])
		a->said = best;
	return a->said;
}
