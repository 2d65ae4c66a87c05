// The pictures that are loaded when they are first looked at.
export { Loops } from "./loops";
export { NetworkPicture } from "./network";
