// The phone's camera: pictures for the scanner one after the other, never more than it can read.
import { type Found, decode } from "./decode";

/** Why there is no camera: what can be done differs. */
export type CameraProblem = "denied" | "none" | "insecure" | "busy";

const wide = 1280;
const longest = 960; // of the picture that is read: enough for a card at arm's length
const pauseMs = 40;

export class Camera {
	private stopped = false;
	private canvas = document.createElement("canvas");

	private constructor(
		private stream: MediaStream,
		private video: HTMLVideoElement,
	) {}

	static async open(video: HTMLVideoElement): Promise<Camera> {
		const stream = await navigator.mediaDevices.getUserMedia({
			audio: false,
			video: { facingMode: { ideal: "environment" }, width: { ideal: wide }, height: { ideal: 720 } },
		});
		const camera = new Camera(stream, video);
		video.srcObject = stream;
		try {
			await video.play();
		} catch (e) {
			camera.close();
			throw e;
		}
		return camera;
	}

	private get track(): MediaStreamTrack | undefined {
		return this.stream.getVideoTracks()[0];
	}

	get hasTorch(): boolean {
		return Boolean((this.track?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch);
	}

	async torch(on: boolean): Promise<void> {
		await this.track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
	}

	/** Hands over what it finds until it is closed, or seen says true: that was enough. */
	async watch(seen: (found: Found[]) => boolean): Promise<void> {
		while (!this.stopped) {
			const image = this.picture();
			const found = image ? await decode(image) : [];
			if (this.stopped || (found.length > 0 && seen(found))) return;
			await new Promise((next) => setTimeout(next, pauseMs));
		}
	}

	private picture(): ImageData | undefined {
		const { videoWidth, videoHeight } = this.video;
		return videoWidth > 0 && this.video.readyState >= 2
			? drawn(this.canvas, this.video, videoWidth, videoHeight)
			: undefined;
	}

	close(): void {
		this.stopped = true;
		for (const track of this.stream.getTracks()) track.stop();
		this.video.srcObject = null;
	}
}

function drawn(canvas: HTMLCanvasElement, from: CanvasImageSource, width: number, height: number, most = longest): ImageData {
	const scale = Math.min(1, most / Math.max(width, height));
	canvas.width = Math.round(width * scale);
	canvas.height = Math.round(height * scale);
	const context = canvas.getContext("2d", { willReadFrequently: true });
	if (!context) throw new Error("no canvas");
	context.drawImage(from, 0, 0, canvas.width, canvas.height);
	return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Codes on a photo: as large as it is at first, then smaller, which steadies a blurred one. */
export async function decodePhoto(file: Blob): Promise<Found[]> {
	const bitmap = await createImageBitmap(file);
	try {
		for (const most of [2400, 1200, 640]) {
			const image = drawn(document.createElement("canvas"), bitmap, bitmap.width, bitmap.height, most);
			const found = await decode(image);
			if (found.length > 0) return found;
		}
		return [];
	} finally {
		bitmap.close();
	}
}

export function cameraProblem(e: unknown): CameraProblem {
	if (!navigator.mediaDevices) return "insecure";
	const name = e instanceof DOMException ? e.name : "";
	if (name === "NotAllowedError" || name === "SecurityError") return "denied";
	if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
	return "busy";
}

/** Whether the person has said yes before, so that the camera may open by itself. */
export async function mayOpen(): Promise<boolean> {
	try {
		const { state } = await navigator.permissions.query({ name: "camera" as PermissionName });
		return state === "granted";
	} catch {
		return false;
	}
}
