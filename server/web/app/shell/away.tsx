// What waits on this phone for an event that is no longer in the owner's list: how much, for which
// event, and what to do.
import type { VNode } from "preact";
import { tx } from "../../text";
import type { Model } from "../data/types";

export const Away = ({ model }: { model: Model }): VNode => (
	<>
		{model.away.map(({ event, count }, i) => (
			<p key={i} class="gentle">
				{tx("{n} things of {event} wait on this phone. Add that event again by its ticket code and they are sent; sign out and they are gone.", { n: count, event })}
			</p>
		))}
	</>
);
