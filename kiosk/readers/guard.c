#include "kiosk/readers/guard.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "core/base/log.h"

/* A sanitizer reserves terabytes of address space that it never uses. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define READER_MEMORY RLIM_INFINITY
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define READER_MEMORY RLIM_INFINITY
#endif
#endif
#ifndef READER_MEMORY
#define READER_MEMORY READER_MEMORY_MAX
#endif

void reader_guard(void)
{
	static const struct {
		__rlimit_resource_t what;
		rlim_t most;
		const char *name;
	} limits[] = {
		{ RLIMIT_CORE, 0, "core" },
		{ RLIMIT_AS, READER_MEMORY, "memory" },
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		log_warn("reader process keeps its privileges");
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct rlimit r = { limits[i].most, limits[i].most };

		if (setrlimit(limits[i].what, &r) != 0)
			log_warn("reader process has no limit of %s", limits[i].name);
	}
}
