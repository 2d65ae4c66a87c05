/*
 * The module's memory: malloc takes from the end, free gives back what was taken last, and
 * heap_reset gives back everything. Fits arenas, which free in the order opposite to theirs.
 */
#pragma once

void heap_reset(void);
