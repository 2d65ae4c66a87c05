# For a Raspberry Pi: Debian's cross compiler, the libraries of a Debian arm64 that
# core/package/pi/sysroot.sh unpacked, and qemu to run what was built.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
get_filename_component(kith_pi_root ${CMAKE_CURRENT_LIST_DIR}/../../../build/pi-sysroot ABSOLUTE)
if(NOT EXISTS ${kith_pi_root}/kith-sysroot)
	message(FATAL_ERROR "There are no arm64 libraries in ${kith_pi_root}: use ./kith build --pi, which fetches them.")
endif()
set(CMAKE_SYSROOT ${kith_pi_root})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_ASM_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR env QEMU_LD_PREFIX=${CMAKE_SYSROOT} qemu-aarch64-static)

# node, npm, clang for WebAssembly: this machine's; libraries and headers: the Pi's
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
