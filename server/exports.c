#include "server/exports.h"

/* Sorted by name. */
static const struct export_format *const formats[] = { &export_csv, &export_ics, &export_vcf };

const struct export_format *export_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}
