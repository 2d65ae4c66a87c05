# kith_schema(LIBRARY NAME FOLDER): the numbered files of FOLDER as a table of struct db_step,
#	extern const struct db_step NAME[];
#	extern const size_t NAME_count;
# written at build time, so that a program carries its schema.
function(kith_schema library name folder)
	file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
	set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.c)
	string(REPLACE ";" "," list "${files}")
	add_custom_command(OUTPUT ${out}
		COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${name} -DFILES=${list}
			-P ${CMAKE_SOURCE_DIR}/core/db/schema_write.cmake
		DEPENDS ${files} ${CMAKE_SOURCE_DIR}/core/db/schema_write.cmake VERBATIM)
	target_sources(${library} PRIVATE ${out})
endfunction()
