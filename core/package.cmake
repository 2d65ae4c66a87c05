# Debian packages by CPack: ./kith build --deb. What goes where, and what happens at installation.
include(GNUInstallDirs)

# kith_install_manuals(COMPONENT PAGE...): compressed, as Debian wants them.
function(kith_install_manuals component)
	foreach(page ${ARGN})
		set(packed ${CMAKE_BINARY_DIR}/man/${page}.gz)
		add_custom_command(OUTPUT ${packed}
			COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/man
			COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/docs/man/${page} > ${packed}
			DEPENDS ${CMAKE_SOURCE_DIR}/docs/man/${page})
		list(APPEND all ${packed})
		string(REGEX REPLACE ".*\\.([1-8])$" "\\1" section ${page})
		install(FILES ${packed} DESTINATION share/man/man${section} COMPONENT ${component})
	endforeach()
	add_custom_target(manuals-${component} ALL DEPENDS ${all})
endfunction()

# kith_service(COMPONENT NAME FOLDER): its unit, its user, and the scripts that dpkg runs.
function(kith_service component name folder)
	set(KITH_SERVICE ${name})
	set(scripts ${CMAKE_BINARY_DIR}/package/${component})
	install(FILES ${folder}/${name}.service DESTINATION /lib/systemd/system COMPONENT ${component})
	install(FILES ${folder}/${name}.sysusers DESTINATION lib/sysusers.d RENAME ${name}.conf COMPONENT ${component})
	foreach(script postinst prerm postrm)
		configure_file(${CMAKE_SOURCE_DIR}/core/package/${script}.in ${scripts}/${script} @ONLY
			FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
		list(APPEND all ${scripts}/${script})
	endforeach()
	string(TOUPPER ${component} upper)
	set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA "${all};${CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA}" PARENT_SCOPE)
endfunction()

# kith_conffiles(COMPONENT PATH...): kept as the administrator left them.
function(kith_conffiles component)
	string(TOUPPER ${component} upper)
	list(JOIN ARGN "\n" text)
	file(WRITE ${CMAKE_BINARY_DIR}/package/${component}/conffiles "${text}\n")
	set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA
		"${CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA};${CMAKE_BINARY_DIR}/package/${component}/conffiles" PARENT_SCOPE)
endfunction()

install(TARGETS kith-server DESTINATION bin COMPONENT server)
install(FILES server/package/kith-server.default DESTINATION /etc/default RENAME kith-server COMPONENT server)
kith_install_manuals(server kith-server.8 kith-attendees.5 kith-backup.5)
kith_conffiles(server /etc/default/kith-server)
kith_service(server kith-server ${CMAKE_SOURCE_DIR}/server/package)

install(TARGETS kith-kiosk DESTINATION bin COMPONENT kiosk)
install(FILES kiosk/package/kiosk.conf DESTINATION /etc/kith COMPONENT kiosk)
install(FILES kiosk/package/70-kith-reader.rules DESTINATION /lib/udev/rules.d COMPONENT kiosk)
install(FILES kiosk/package/kith-power.path kiosk/package/kith-power.service DESTINATION /lib/systemd/system
	COMPONENT kiosk)
kith_install_manuals(kiosk kith-kiosk.8 kith-kiosk.conf.5)
kith_conffiles(kiosk /etc/kith/kiosk.conf)
kith_service(kiosk kith-kiosk ${CMAKE_SOURCE_DIR}/kiosk/package)

install(TARGETS kith-update DESTINATION sbin COMPONENT update)
install(PROGRAMS kiosk/update/repack DESTINATION lib/kith COMPONENT update)
install(FILES kiosk/package/update/update.conf kiosk/package/update/release.keys DESTINATION /etc/kith COMPONENT update)
install(FILES kiosk/package/update/kith-update.path kiosk/package/update/kith-update.service
	kiosk/package/update/kith-update-boot.service DESTINATION /lib/systemd/system COMPONENT update)
kith_install_manuals(update kith-update.8)
kith_conffiles(update /etc/kith/update.conf /etc/kith/release.keys)
foreach(script postinst prerm postrm)
	list(APPEND CPACK_DEBIAN_UPDATE_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/kiosk/package/update/${script})
endforeach()

install(PROGRAMS kiosk/package/screen/kith-screen DESTINATION lib/kith COMPONENT screen)
install(FILES kiosk/package/screen/policy.json DESTINATION /etc/chromium/policies/managed RENAME kith.json
	COMPONENT screen)
kith_conffiles(screen /etc/chromium/policies/managed/kith.json)
kith_service(screen kith-screen ${CMAKE_SOURCE_DIR}/kiosk/package/screen)

install(TARGETS kith-badge kith-chipsim DESTINATION bin COMPONENT tools)
file(GLOB tool_pages RELATIVE ${CMAKE_SOURCE_DIR}/docs/man docs/man/kith-badge*.1 docs/man/kith-chipsim.1
	docs/man/kith-event-key.5)
kith_install_manuals(tools ${tool_pages})

# A whole system that is a kiosk: what the image of core/package/pi/image.sh adds to Debian.
set(appliance ${CMAKE_SOURCE_DIR}/kiosk/package/appliance)
install(PROGRAMS ${appliance}/kith-setup DESTINATION lib/kith COMPONENT appliance)
install(FILES ${appliance}/kith-setup.service ${appliance}/kith-enrol.service ${appliance}/kith-setup-request.path
	${appliance}/kith-setup-request.service DESTINATION /lib/systemd/system COMPONENT appliance)
install(FILES ${appliance}/wpa.conf DESTINATION /lib/systemd/system/wpa_supplicant@.service.d RENAME kith.conf
	COMPONENT appliance)
install(FILES ${appliance}/journald.conf DESTINATION lib/systemd/journald.conf.d RENAME 50-kith.conf COMPONENT appliance)
install(FILES ${appliance}/50-kith.network DESTINATION /lib/systemd/network COMPONENT appliance)
install(FILES ${appliance}/70-kith-wifi.rules DESTINATION /lib/udev/rules.d COMPONENT appliance)
install(PROGRAMS ${appliance}/initramfs-hook DESTINATION share/initramfs-tools/hooks RENAME kith-root COMPONENT appliance)
install(PROGRAMS ${appliance}/initramfs-script DESTINATION share/initramfs-tools/scripts/init-bottom RENAME kith-root
	COMPONENT appliance)
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_CONTROL_EXTRA "${appliance}/postinst;${appliance}/prerm")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_NAME kith)
set(CPACK_PACKAGE_CONTACT "The Kith team <kith@example.org>")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/deb)
set(CPACK_COMPONENTS_ALL server kiosk screen tools update appliance)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
if(CMAKE_CROSSCOMPILING)
	set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
	# dpkg-shlibdeps that looks into the sysroot
	set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_BINARY_DIR}/package/cross.cmake)
	file(WRITE ${CPACK_PROJECT_CONFIG_FILE}
		"set(SHLIBDEPS_EXECUTABLE ${CMAKE_SOURCE_DIR}/core/package/pi/shlibdeps.sh)\n"
		"set(ENV{KITH_SYSROOT} ${CMAKE_SYSROOT})\n")
endif()
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR OFF)

set(CPACK_DEBIAN_SERVER_PACKAGE_NAME kith-server)
set(CPACK_COMPONENT_SERVER_DESCRIPTION "event check-in and follow-up queue: the server
Takes in what the kiosks and phones of an event recorded and makes a follow-up
queue of it for each person: in the browser, as a calendar and as contacts.")
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS "systemd (>= 250)")
set(CPACK_DEBIAN_KIOSK_PACKAGE_NAME kith-kiosk)
set(CPACK_COMPONENT_KIOSK_DESCRIPTION "event check-in and follow-up queue: the kiosk's daemon
Reads NFC badges and QR cards, records who came and who met whom, also without
a network, and sends it to the server.")
set(CPACK_DEBIAN_KIOSK_PACKAGE_DEPENDS "systemd (>= 250), udev")
set(CPACK_DEBIAN_KIOSK_PACKAGE_RECOMMENDS "kith-screen, kith-update")
set(CPACK_DEBIAN_UPDATE_PACKAGE_NAME kith-update)
set(CPACK_COMPONENT_UPDATE_DESCRIPTION "event check-in and follow-up queue: updates of the kiosk
Installs what the release key signed, when nobody is at the kiosk, and goes back
by itself where the kiosk is not well afterwards.")
set(CPACK_DEBIAN_UPDATE_PACKAGE_DEPENDS "systemd (>= 250), dpkg")
set(CPACK_DEBIAN_SCREEN_PACKAGE_NAME kith-screen)
set(CPACK_COMPONENT_SCREEN_DESCRIPTION "event check-in and follow-up queue: the kiosk's screen
Shows the page of the kiosk's daemon on the whole of the first screen, and
nothing else.")
set(CPACK_DEBIAN_SCREEN_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_SCREEN_PACKAGE_DEPENDS "kith-kiosk, cage, seatd, xwayland, curl, chromium | cog, fonts-noto-core")
set(CPACK_DEBIAN_SCREEN_PACKAGE_RECOMMENDS "fonts-noto-cjk")
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME kith-tools)
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "event check-in and follow-up queue: the bench
Encodes, prints, reads and checks badges, and plays a reader chip for trials
without hardware.")
set(CPACK_DEBIAN_TOOLS_PACKAGE_RECOMMENDS "fonts-noto-core, fonts-noto-cjk")
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_NAME kith-appliance)
set(CPACK_COMPONENT_APPLIANCE_DESCRIPTION "event check-in and follow-up queue: a kiosk from a card
Settings by a file on the card's first partition, a root file system that
nothing is written to, a journal in memory. For machines that are a kiosk and
nothing else.")
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_DEPENDS "kith-kiosk, systemd-timesyncd | time-daemon, systemd-resolved, wpasupplicant, initramfs-tools, tzdata")
include(CPack)
