// The Me tab.
import type { VNode } from "preact";
import type { Model } from "../data/types";
import { SignOut } from "../shell/signout";

export const MeTab = ({ model }: { model: Model; route: string[] }): VNode => <SignOut model={model} />;
