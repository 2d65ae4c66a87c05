/*
 * Why a code that is located is not read, judged from its finders: too dark, too small, a lamp's
 * reflection in it, blurred. Of one picture; core/eye/advisor.h makes of many what is worth saying.
 */
#pragma once

#include "core/eye/eye.h"
#include "core/eye/group.h"

/*
 * in: the picture; f and g were found in copy, which is `scale` times smaller. Without three
 * finders of a symbol two that fit together count, or a clear one, since what hides the others is
 * most often what has to be told; without any, a patch of the picture that looks like a code.
 * EYE_NO_ADVICE beside located: nothing is seen that would be wrong with it.
 */
struct eye_sight sight_of(const struct image *in, const struct image *copy, const struct finders *f,
	const struct groups *g, float scale);
