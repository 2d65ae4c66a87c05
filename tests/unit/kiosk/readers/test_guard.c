#define _DEFAULT_SOURCE
#include "tests/unit/test.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/eye/eye.h"
#include "kiosk/readers/guard.h"

/* In a child, since what is given up is given up for good. */
static int guarded(void)
{
	struct rlimit core;
	struct err e = { 0 };
	struct eye_codes codes;
	struct eye *eye = NULL;
	struct image_store store = { 0 };
	struct image in = { 0 };

	reader_guard();
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 ||
		prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 || getrlimit(RLIMIT_CORE, &core) != 0 ||
		core.rlim_max != 0)
		return 1;
	/* the largest picture that is let in still finds its memory */
	if (!image_store_reserve(&store, LIMIT_IMAGE_PIXELS, &e) || !eye_open(&eye, &e))
		return 2;
	memset(store.pixels, 255, LIMIT_IMAGE_PIXELS);
	in = (struct image){ store.pixels, 8000, 6000, 8000 };
	if (!eye_read(eye, &in, EYE_VIDEO, &codes, &e))
		return 3;
	eye_close(eye);
	image_store_finish(&store);
	return 0;
}

static void gives_up_privileges_and_still_reads_the_largest_picture(void **state)
{
	int status = 0;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(guarded());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_up_privileges_and_still_reads_the_largest_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
