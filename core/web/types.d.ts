declare module "*.css";
/** The URL of the file, relative to the script that imports it. */
declare module "*.wasm" {
	const url: string;
	export default url;
}
