// What every page gets. Nothing here is needed: each part only improves what
// works without script.
import { focusErrors } from "./parts/errors";
import { guardForms } from "./parts/guard";
import { endHeld } from "./parts/held";
import { leaveQuickly } from "./parts/leave";
import { showZone } from "./parts/zone";

endHeld(document);
guardForms(document);
leaveQuickly(document);
focusErrors(document);
showZone(document);
