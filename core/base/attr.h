/*
 * Attributes that compilers check, and functions that nobody here may call: each has a safer
 * neighbour in core/base. Included by every header of ours that declares a function.
 */
#pragma once

/* first, since their own declarations name what is banned below */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__GNUC__)
#define MUST_CHECK	  __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NORETURN	  __attribute__((noreturn))
#define UNUSED		  __attribute__((unused))
#else
#define MUST_CHECK
#define PRINTF_LIKE(f, a)
#define NORETURN
#define UNUSED
#endif

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol gmtime localtime
#endif
