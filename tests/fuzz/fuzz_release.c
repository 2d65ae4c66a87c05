/*
 * Any bytes as a release, as a manifest and as a file of keys. What is read keeps the bounds that
 * its readers count on, and versions in it have one order.
 */
#include <stdlib.h>

#include "core/release/release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void check(const struct release *r)
{
	uint64_t sum = 0;

	need(version_ok(r->version) && release_architecture_ok(r->architecture));
	need(r->package_count >= 1 && r->package_count <= RELEASE_PACKAGES_MAX);
	for (size_t i = 0; i < r->package_count; i++) {
		const struct release_package *p = &r->packages[i];

		need(p->name.len > 0 && p->name.len <= RELEASE_NAME_MAX && p->name.p[0] != '-');
		need(str_find_char(p->name, '/', 0) == SIZE_MAX);
		need(version_ok(p->version));
		need(version_compare(p->version, r->version) == 0 ||
			(version_compare(p->version, r->version) < 0) ==
				(version_compare(r->version, p->version) > 0));
		sum += p->size;
	}
	need(sum < r->size && r->size <= RELEASE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = bytes_of(data, size);
	struct arena a = { 0 };
	struct release_keys keys;
	struct release r;
	struct err e = { 0 };

	if (release_manifest_read(&r, text, &a, &e))
		check(&r);
	if (release_head_read(&r, text, &a, &e))
		check(&r);
	if (release_read(&r, text, &a, &e)) {
		check(&r);
		need(r.size == size);
	}
	if (release_keys_read(&keys, text, &e))
		need(keys.count <= RELEASE_KEYS_MAX);
	arena_finish(&a);
	return 0;
}
