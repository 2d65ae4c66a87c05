/*
 * Pictures in a camera's place, by the same path from frame to text: "reader = frames PATH".
 *
 * A folder: each picture file that is renamed into it (PNG, JPEG, PGM, PPM; never written in
 * place, for half a file is a damaged one) is read once, in order of names, and is a sight of its
 * own, without the same-code guard. Marks of what was begun are kept in PATH/.kith-frames, so that
 * a restart reads nothing twice, and a picture that ends the process does so only once.
 * A FIFO or a file: a stream of frames (core/eye/stream.h), guarded like a camera's.
 */
#pragma once

#include "kiosk/scan.h"

enum { LIMIT_FRAMES_FILES = 20000 }; /* pictures in a folder */

extern const struct reader_type reader_frames;
