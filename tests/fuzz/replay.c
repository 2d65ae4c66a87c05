/* Runs a fuzz target over every file of the folders and files named: the plain build's fuzz.NAME.
 */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "core/base/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replay(const char *path)
{
	struct arena a = { 0 };
	struct stat st;
	struct bytes b;
	struct err e = { 0 };
	size_t ran = 0;
	DIR *folder = NULL;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		folder = opendir(path);
		for (struct dirent *d; folder && (d = readdir(folder));)
			if (d->d_name[0] != '.')
				ran += replay(arena_printf(&a, "%s/%s", path, d->d_name).p);
		if (folder)
			closedir(folder);
	} else if (file_read(&b, path, 16 << 20, &a, &e)) {
		LLVMFuzzerTestOneInput(b.p, b.len);
		ran = 1;
	} else {
		fprintf(stderr, "%s\n", e.text);
	}
	arena_finish(&a);
	return ran;
}

int main(int argc, char **argv)
{
	size_t ran = 0;

	for (int i = 1; i < argc; i++)
		ran += replay(argv[i]);
	printf("replayed %zu inputs\n", ran);
	return ran > 0 ? 0 : 1;
}
