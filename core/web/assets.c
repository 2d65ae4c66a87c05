#include "core/web/assets.h"

const struct asset *asset_find(const struct asset_set *set, struct str path)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_compare(set->assets[middle].path, path);

		if (order == 0)
			return &set->assets[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
