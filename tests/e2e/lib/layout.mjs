// Runs in the page: what lies outside the window, or is cut without a mark. Empty on a good page.
export function overflow() {
	const wide = document.documentElement.clientWidth;
	const high = document.documentElement.clientHeight;
	const bad = [];
	const say = (el, what) => bad.push(`${el.tagName}.${el.className}: ${what}: ${el.textContent.slice(0, 40)}`);
	const ellipsis = (el) => {
		const style = getComputedStyle(el);
		return style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
	};

	if (document.documentElement.scrollHeight > high + 1) bad.push("the page scrolls down");
	if (document.documentElement.scrollWidth > wide + 1) bad.push("the page scrolls sideways");
	for (const el of document.querySelectorAll("button, h1, p, li, .ring, .circle, .shape, .code")) {
		if (el.closest(".hidden-text")) continue;
		const r = el.getBoundingClientRect();
		if (r.width === 0 || r.height === 0) continue;
		if (r.left < -1 || r.top < -1 || r.right > wide + 1 || r.bottom > high + 1) say(el, "outside");
		if (el.tagName === "BUTTON" && el.scrollWidth > el.clientWidth + 1) say(el, "wider than its button");
		if (!ellipsis(el) && el.clientWidth > 0 && el.scrollWidth > el.clientWidth + 1) say(el, "cut");
	}
	// two things to touch never overlap, and no text lies under one
	const touch = [...document.querySelectorAll("button")].map((el) => [el, el.getBoundingClientRect()]);
	const others = [...document.querySelectorAll("h1, p, .ring, .joined")]
		.filter((el) => !el.closest("button") && el.textContent + el.tagName !== "")
		.map((el) => [el, el.getBoundingClientRect()]);
	const meet = (a, b) =>
		Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
		Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
	touch.forEach(([el, r], i) => {
		for (const [other, q] of [...touch.slice(i + 1), ...others])
			if (q.width > 0 && meet(r, q) && !el.contains(other)) say(other, `under ${el.textContent}`);
	});
	return bad;
}
