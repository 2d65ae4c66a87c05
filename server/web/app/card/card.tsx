// The Card tab: one's own card, to be scanned by others.
import type { VNode } from "preact";
import type { Model } from "../data/types";

export const CardTab = ({ model }: { model: Model; route: string[] }): VNode => <h1>{model.card.name}</h1>;
