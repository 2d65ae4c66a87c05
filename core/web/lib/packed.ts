// Writes the packed input of core/wasm/packed.h: little-endian integers, texts with their length.

export class Packer {
	#bytes = new Uint8Array(1024);
	#view = new DataView(this.#bytes.buffer);
	#length = 0;

	#room(n: number): number {
		const at = this.#length;
		this.#length += n;
		if (this.#length > this.#bytes.length) {
			const more = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
			more.set(this.#bytes);
			this.#bytes = more;
			this.#view = new DataView(more.buffer);
		}
		return at;
	}

	u32(n: number): this {
		this.#view.setUint32(this.#room(4), n, true);
		return this;
	}

	/** An integer that a double holds exactly. */
	i64(n: number): this {
		this.#view.setBigInt64(this.#room(8), BigInt(Math.trunc(n)), true);
		return this;
	}

	bool(truth: boolean): this {
		return this.u32(truth ? 1 : 0);
	}

	bytes(bytes: Uint8Array): this {
		this.u32(bytes.length);
		this.#bytes.set(bytes, this.#room(bytes.length));
		return this;
	}

	text(text: string): this {
		// a character of a script takes at most three bytes a unit; what was too much is given back
		const at = this.#room(4 + 3 * text.length);
		const { written } = encoder.encodeInto(text, this.#bytes.subarray(at + 4));
		this.#view.setUint32(at, written, true);
		this.#length = at + 4 + written;
		return this;
	}

	list<T>(items: readonly T[], each: (item: T) => void): this {
		this.u32(items.length);
		items.forEach(each);
		return this;
	}

	texts(texts: readonly string[]): this {
		return this.list(texts, (text) => this.text(text));
	}

	/** Borrowed: the next value may move it. */
	done(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}
}

const encoder = new TextEncoder();
