declare module "*.css";
declare module "*.wasm" {
	/** The address that the build gave it. */
	const url: string;
	export default url;
}
declare module "@texts/*" {
	/** A group of core/web/texts.mjs in one language. */
	const pack: import("@web/i18n").TextPack;
	export default pack;
}

declare module "@core/languages/*.json" {
	/** A pack of core/followup/language.h. */
	const pack: string;
	export default pack;
}

/** Written by core/web/build.mjs: the scanner's script, the styles of all parts; and in sw.ts what it keeps. */
declare const KITH_SCANNER: string;
declare const KITH_STYLES: string;
declare const KITH_VERSION: string;
declare const KITH_PAGE: string;
declare const KITH_SHELL: string[];
declare const KITH_LATER: string[];
