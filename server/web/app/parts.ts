// What is not needed at the start, as one file: these screens share too much to be several.
export { Brief } from "./brief/brief";
export { CardTab } from "./card/card";
export { MeTab } from "./me/me";
export { PeopleTab } from "./people/people";
export { LeadSheet } from "./people/sheets";
export { Approvals } from "./shell/approvals";
export { InstallHint } from "./shell/hint";
export { UnsentDetails } from "./shell/unsent";
export { Triage } from "./triage/triage";
