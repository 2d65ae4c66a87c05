/* The module of what a phone needs to read a code. */
#include "core/wasm/bridge.h"

WASM_CALL(kith_card_read, call_card_read)
WASM_CALL(kith_card_convert, call_card_convert)
WASM_CALL(kith_link_read, call_link_read)
