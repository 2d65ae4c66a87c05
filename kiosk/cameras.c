#define _DEFAULT_SOURCE
#include "kiosk/cameras.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "kiosk/readers/camera_device.h"

/* The link in one of the folders that leads to the device; NULL: none. */
static const char *stable_name(
	const char *path, const char *const *links, size_t n, struct arena *a)
{
	const char *best = NULL;

	for (size_t i = 0; i < n && !best; i++) {
		DIR *folder = opendir(links[i]);
		struct dirent *d;

		while (folder && (d = readdir(folder))) {
			const char *link = arena_printf(a, "%s/%s", links[i], d->d_name).p;
			char *target = d->d_name[0] == '.' ? NULL : realpath(link, NULL);

			/* of several the first by name, whatever the folder's order */
			if (target && strcmp(target, path) == 0 &&
				(!best || strcmp(link, best) < 0))
				best = link;
			free(target);
		}
		if (folder)
			closedir(folder);
	}
	return best;
}

bool cameras_list(FILE *to, const struct device_calls *calls, const char *const *links,
	size_t link_count, struct err *e)
{
	struct arena a = { 0 };
	bool any = false;

	for (unsigned i = 0; i < CAMERA_DEVICES_MAX; i++) {
		const char *path = arena_printf(&a, "/dev/video%u", i).p, *name;
		struct camera_device d;
		struct err why = { 0 };

		if (camera_device_open(&d, path, calls, true, &why)) {
			name = stable_name(path, links, link_count, &a);
			fprintf(to, "%s  %s, %ux%u %s\n\treader = camera %s\n", path, d.name,
				d.width, d.height, d.layout->name, name ? name : path);
			any = true;
			camera_device_close(&d);
		} else if (why.code != ERR_NOT_FOUND) {
			fprintf(to, "%s  not usable: %s\n", path, why.text);
		}
	}
	arena_finish(&a);
	return any ||
	       err_set(e, ERR_NOT_FOUND, "there is no camera that could be used: plug one in");
}
