/* The module of what a phone needs to show a queue and to write an entry. */
#include "core/wasm/bridge.h"

WASM_CALL(kith_entry_canonical, call_entry_canonical)
WASM_CALL(kith_plan, call_plan)
