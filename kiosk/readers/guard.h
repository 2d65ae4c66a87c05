/*
 * What a reader's process gives up before it looks at anything from outside. It runs decoders of
 * others' over pictures of strangers, so a fault in one should find little: no new privileges, no
 * core file with people's cards in it, no unbounded memory.
 */
#pragma once

enum { READER_MEMORY_MAX = 1 << 30 }; /* address space in bytes; a camera's reader uses a tenth */

/* Once, in the reader's own process, before its open. For good, and for its children. */
void reader_guard(void);
