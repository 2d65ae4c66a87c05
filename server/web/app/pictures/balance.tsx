// What one gave and what one asked, on two sides of a middle line: full for what happened, pale for
// what is still open.
import type { VNode } from "preact";
import { t } from "../../text";
import type { Balance } from "../data/types";
import { Twin } from "./table";

const half = 100;

export const balanceWords = (b: Balance): string =>
	b.offered + b.given + b.asked + b.received === 0
		? t("Nothing given or asked yet.")
		: `${t("You offered {offered} and gave {given}.", { offered: b.offered, given: b.given })} ${t("You asked {asked} and received {received}.", { asked: b.asked, received: b.received })}`;

export function BalanceBar({ balance, twin = true }: { balance: Balance; twin?: boolean }): VNode {
	const { offered, given, asked, received } = balance;
	const most = Math.max(offered, given, asked, received, 1);
	const wide = (n: number): number => (half * n) / most;
	return (
		<figure class="picture">
			<svg class="balance" viewBox="-100 0 200 16" preserveAspectRatio="none" role="img" aria-label={balanceWords(balance)}>
				<rect class="balance-ground" x={-half} width={2 * half} height="16" />
				<rect class="balance-open" x="0" width={wide(offered)} height="16" />
				<rect class="balance-give" x="0" width={wide(given)} height="16" />
				<rect class="balance-open" x={-wide(asked)} width={wide(asked)} height="16" />
				<rect class="balance-ask" x={-wide(received)} width={wide(received)} height="16" />
				<rect class="balance-middle" x="-0.5" width="1" height="16" />
			</svg>
			<p class="balance-ends" aria-hidden="true">
				<span>{t("asked {asked}, received {received}", { asked, received })}</span>
				<span>{t("offered {offered}, gave {given}", { offered, given })}</span>
			</p>
			{twin && (
				<Twin
					caption={t("Give and ask")}
					head={[t("What"), t("How often")]}
					rows={[
						[t("Offered"), offered],
						[t("Gave"), given],
						[t("Asked"), asked],
						[t("Received"), received],
					]}
				/>
			)}
		</figure>
	);
}
